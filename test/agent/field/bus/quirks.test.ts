import { describe, expect, test } from "vitest";
import { busWorld } from "../world.ts";
import { bus, device, point, registers, tcpBus } from "../snapshots.ts";

const HOST = "10.0.0.5";

describe("a busy device", () => {
  test("is asked again as often and after as long as its configuration says, and nobody hears of it", async () => {
    await using world = busWorld();
    const [one] = world.devices([1]);
    if (one === undefined) throw new Error("no device");
    world.line([one]);
    const busy = { retries: 2, retryMs: 150 };
    const started = world.start(bus("line", [device("d1", 1, { ...registers(4), busy })]));
    await world.clock.advance(3_000);
    const before = one.counters.requests;
    one.inject({ kind: "exception", code: 6, count: 2 });
    await world.clock.advance(1_000);
    expect(one.counters.requests - before).toBe(3);
    expect(world.samples.every(({ reason }) => reason === "ok")).toBe(true);
    expect(world.counters(started).exceptions).toBe(2);

    one.inject({ kind: "exception", code: 6, count: 3 });
    await world.clock.advance(1_000);
    expect(world.samples.filter(({ reason }) => reason === "exception")).toHaveLength(4);
    await world.clock.advance(1_000);
    expect(world.deviceStatus(started, "d1").points[0]).toMatchObject({ value: 1_000, quality: "good" });
  });

  test("is not asked again with what reading clears, or for any other exception", async () => {
    await using world = busWorld();
    const [one] = world.devices([1]);
    if (one === undefined) throw new Error("no device");
    world.line([one]);
    const busy = { retries: 5, retryMs: 50 };
    const points = [point("count", { address: 3, clearOnRead: true })];
    world.start(bus("line", [device("d1", 1, { points, busy })]));
    await world.clock.advance(3_000);
    const before = one.counters.requests;
    one.inject({ kind: "exception", code: 6, count: 1 });
    await world.clock.advance(900);
    expect(one.counters.requests - before).toBe(1);
    one.inject({ kind: "exception", code: 4, count: 1 });
    await world.clock.advance(1_000);
    expect(one.counters.requests - before).toBe(2);
  });

  test("keeps to its period when the pause is longer than that", async () => {
    await using world = busWorld();
    const [one] = world.devices([1]);
    if (one === undefined) throw new Error("no device");
    world.line([one]);
    world.start(bus("line", [device("d1", 1, { ...registers(1), busy: { retries: 10, retryMs: 5_000 } })]));
    one.inject({ kind: "exception", code: 5 });
    await world.clock.advance(30_000);
    expect(one.counters.requests).toBeGreaterThanOrEqual(29);
    expect(one.counters.requests).toBeLessThanOrEqual(31);
  });
});

describe("a device that needs a while after it was connected to", () => {
  test.each([800, 5_000])(
    "is left alone for %i ms, and the line does not count as occupied",
    async (connectPauseMs) => {
      await using world = busWorld();
      const [one] = world.devices([1]);
      if (one === undefined) throw new Error("no device");
      const heard: number[] = [];
      one.beforeHearing = () => void heard.push(world.clock.monotonicMs());
      await world.socket(HOST, [one]);
      const startedMs = world.clock.monotonicMs();
      const started = world.start({ ...tcpBus("socket", HOST, [device("d1", 1)]), connectPauseMs });
      await world.clock.advance(connectPauseMs - 10);
      expect(heard).toEqual([]);
      await world.clock.advance(2_000);
      expect(heard[0]).toBeGreaterThanOrEqual(startedMs + connectPauseMs);
      expect(started.status(false).lastFault).toBeUndefined();
    },
  );
});

describe("a socket that is closed after polls", () => {
  const sometimes = device("d1", 1, { ...registers(4, { pollMs: 10_000 }), pollMs: 10_000 });

  test("is open only while something is due, without a fault, and its values stay good", async () => {
    await using world = busWorld();
    const [one] = world.devices([1]);
    if (one === undefined) throw new Error("no device");
    const server = await world.socket(HOST, [one]);
    const started = world.start({ ...tcpBus("socket", HOST, [sometimes]), closeAfterPolls: true });
    await world.clock.advance(5_000);
    let open = 0;
    for (let i = 0; i < 600; i++) {
      await world.clock.advance(100);
      open += server.connections();
    }
    expect(open).toBeLessThan(30);
    expect(server.counters.accepted).toBeGreaterThanOrEqual(6);
    expect(one.counters.requests).toBeGreaterThanOrEqual(6);
    expect(started.status(false)).toMatchObject({ state: "resting", counters: { reopened: 0 } });
    expect(started.status(false).lastFault).toBeUndefined();
    expect(world.samples.every(({ reason }) => reason === "ok")).toBe(true);
  });

  test("is opened at once for a write, and closed again", async () => {
    await using world = busWorld();
    const [one] = world.devices([1]);
    if (one === undefined) throw new Error("no device");
    const server = await world.socket(HOST, [one]);
    const started = world.start({ ...tcpBus("socket", HOST, [sometimes]), closeAfterPolls: true });
    await world.clock.advance(5_000);
    expect(server.connections()).toBe(0);
    expect(await world.ask(started, { function: 6, unit: 1, address: 3, value: 9 }, 1_000)).toEqual({ kind: "done" });
    await world.clock.advance(500);
    expect(server.connections()).toBe(0);
    expect(one.holdingRegisters.read(3, 1)).toEqual([9]);
  });

  test("is down as any other once the device does not take the connection", async () => {
    await using world = busWorld();
    const [one] = world.devices([1]);
    if (one === undefined) throw new Error("no device");
    const server = await world.socket(HOST, [one]);
    const started = world.start({ ...tcpBus("socket", HOST, [sometimes]), closeAfterPolls: true });
    await world.clock.advance(5_000);
    await server[Symbol.asyncDispose]();
    await world.clock.advance(15_000);
    expect(world.deviceStatus(started, "d1").points[0]).toMatchObject({ reason: "bus-down" });
    expect(await world.ask(started, { function: 6, unit: 1, address: 3, value: 9 })).toEqual({ kind: "bus-down" });
    await world.socket(HOST, [one]);
    await world.clock.advance(15_000);
    expect(world.deviceStatus(started, "d1").points[0]).toMatchObject({ quality: "good" });
  });

  test("may be stopped while it rests", async () => {
    await using world = busWorld();
    const [one] = world.devices([1]);
    if (one === undefined) throw new Error("no device");
    await world.socket(HOST, [one]);
    const started = world.start({ ...tcpBus("socket", HOST, [sometimes]), closeAfterPolls: true });
    await world.clock.advance(5_000);
    await started.stop();
    expect(await world.ask(started, { function: 6, unit: 1, address: 3, value: 9 })).toEqual({ kind: "bus-down" });
  });
});
