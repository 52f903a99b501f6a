import { describe, expect, test } from "vitest";
import { CONNECT_ATTEMPTS_MAX } from "../../../../agent/field/bus/connecting.ts";
import { sleep } from "../../../../hal/clock.ts";
import type { ByteStream, Network } from "../../../../hal/network.ts";
import { device, tcpBus } from "../snapshots.ts";
import { busWorld } from "../world.ts";
import type { BusWorld } from "../world.ts";

const HOST = "10.0.0.5";

describe("a connection", () => {
  test.each([1_000, 60_000])("leaves no value good after a second of silence (timeout %i ms)", async (timeoutMs) => {
    await using world = busWorld();
    await world.socket(HOST, world.devices([1]));
    const started = world.start(tcpBus("socket", HOST, [device("d1", 1, { timeoutMs })]));
    await world.clock.advance(2_500);
    world.network.blackhole(HOST, 502);
    world.network.cut(HOST, 502);
    await world.clock.advance(1_100);
    expect(started.status(true)).toMatchObject({
      lastFault: { code: "HAL_CONNECT_TIMEOUT" },
      devices: [{ online: false, points: [{ quality: "stale", reason: "bus-down" }] }],
    });
  });

  test.each([
    { connectMs: 2_800, timeoutMs: 3_000 },
    { connectMs: 900, timeoutMs: 1_000 },
    { connectMs: 15_000, timeoutMs: 16_000 },
  ])("gets the time that a slow link needs ($connectMs ms), and one connection only", async (slow) => {
    await using world = busWorld();
    const server = await world.socket(HOST, world.devices([1]));
    world.network.latency(slow.connectMs / 2);
    const { machine, pending } = countingNetwork(world);
    const started = world.start(tcpBus("socket", HOST, [device("d1", 1, { timeoutMs: slow.timeoutMs })]), machine);
    await world.clock.advance(slow.connectMs - 1);
    expect(started.status(false).state).not.toBe("open");
    await world.clock.advance(2);
    expect(started.status(false).state).toBe("open");
    expect(pending.most).toBeLessThanOrEqual(CONNECT_ATTEMPTS_MAX);
    await world.clock.advance(3 * slow.connectMs);
    expect(pending).toMatchObject({ now: 0, connected: 1 });
    expect(server.connections()).toBe(1);
    expect(world.counters(started).reopened).toBe(0);
  });

  test("is made by the first attempt that succeeds: one that succeeds as well is closed", async () => {
    await using world = busWorld();
    await world.socket(HOST, world.devices([1]));
    const opened: ByteStream[] = [];
    // hears no abort, as a connection that comes about in the same instant does not
    const connect: Network["connect"] = async (target) => {
      await sleep(world.clock, 2_500);
      const stream = await world.network.connect(target, new AbortController().signal);
      opened.push(stream);
      return stream;
    };
    const network = { ...world.network, connect };
    const started = world.start(tcpBus("socket", HOST, [device("d1", 1, { timeoutMs: 5_000 })]), { network });
    await world.clock.advance(6_000);
    expect(opened.map(({ destroyed }) => destroyed)).toEqual([false, true, true]);
    expect(world.counters(started)).toMatchObject({ reopened: 0, timeouts: 0 });
    expect(started.status(false).state).toBe("open");
  });

  test("is not waited for once the bus is stopped", async () => {
    await using world = busWorld();
    world.network.blackhole(HOST, 502);
    const { machine, pending } = countingNetwork(world);
    const started = world.start(tcpBus("socket", HOST, [device("d1", 1, { timeoutMs: 60_000 })]), machine);
    await world.clock.advance(30_500);
    expect(pending.now).toBe(CONNECT_ATTEMPTS_MAX);
    await started.stop();
    await world.clock.advance(5_000);
    expect(pending).toMatchObject({ now: 0, most: CONNECT_ATTEMPTS_MAX });
  });
});

/** The world's network, and how many attempts to connect it has seen under way. */
function countingNetwork(world: BusWorld) {
  const pending = { now: 0, most: 0, connected: 0 };
  const connect: Network["connect"] = async (target, signal) => {
    pending.most = Math.max(pending.most, ++pending.now);
    const over = (): void => void pending.now--;
    signal.addEventListener("abort", over, { once: true });
    const stream = await world.network.connect(target, signal);
    signal.removeEventListener("abort", over);
    over();
    pending.connected++;
    return stream;
  };
  return { pending, machine: { network: { ...world.network, connect } } };
}
