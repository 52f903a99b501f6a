import { describe, expect, test } from "vitest";
import type { PointSnapshot } from "../../../../agent/config/snapshot.ts";
import type { ModbusDevice } from "../../../../simulator/modbus/index.ts";
import { busWorld } from "../world.ts";
import { bus, device, point, rtu, tcpBus } from "../snapshots.ts";

const PERIOD_MS = 1_000;

/** Says when register 64 of a device, which reading clears, was read. */
function clearing(one: ModbusDevice, nowMs: () => number): readonly number[] {
  const reads: number[] = [];
  one.holdingRegisters.store(65, [0]);
  one.holdingRegisters.define(64, {
    size: 1,
    read: () => {
      reads.push(nowMs());
      return [reads.length];
    },
  });
  return reads;
}

const COUNTER: PointSnapshot = point("count", { address: 64, clearOnRead: true, pollMs: PERIOD_MS });

/** How often it was read in each period from the first reading on. */
function perPeriod(reads: readonly number[], phaseMs: number): readonly number[] {
  const counts = new Map<number, number>();
  for (const atMs of reads) {
    const period = Math.floor((atMs - phaseMs) / PERIOD_MS);
    counts.set(period, (counts.get(period) ?? 0) + 1);
  }
  return [...counts.values()];
}

describe("what reading clears", () => {
  test("is read once in each period, and by nothing else", async () => {
    await using world = busWorld();
    const [one] = world.devices([1]);
    if (one === undefined) throw new Error("no device");
    const reads = clearing(one, () => world.clock.monotonicMs());
    world.line([one]);
    const around = [point("before", { address: 63, pollMs: 200 }), point("behind", { address: 65, pollMs: 200 })];
    world.start(bus("line", [device("d1", 1, { points: [...around, COUNTER] })]));
    await world.clock.advance(60_000);
    expect(reads.length).toBeGreaterThanOrEqual(59);
    expect(reads.length).toBeLessThanOrEqual(61);
  });

  test("is not asked again in its period after a timeout, whatever else the device is asked", async () => {
    await using world = busWorld(5);
    const [one] = world.devices([1]);
    if (one === undefined) throw new Error("no device");
    const reads = clearing(one, () => world.clock.monotonicMs());
    world.line([one]);
    const other = point("level", { pollMs: 100 });
    const phaseMs = world.clock.monotonicMs();
    const started = world.start(
      bus("line", [device("d1", 1, { points: [other, COUNTER], timeoutMs: 60, lateReplyMs: 60 })]),
    );
    await world.clock.advance(3_000);
    // acts, so that the register is cleared, and the answer is lost
    one.inject({ kind: "lost-reply", probability: 0.4 });
    await world.clock.advance(120_000);
    expect(world.counters(started).timeouts).toBeGreaterThan(50);
    // requests arrive a little after they are due: never earlier, and never two in one period
    expect(Math.max(...perPeriod(reads, phaseMs))).toBe(1);
    expect(reads.length).toBeGreaterThan(30);
  });

  test("is no question to find out with whether a dead device is back", async () => {
    await using world = busWorld();
    const [one] = world.devices([1]);
    if (one === undefined) throw new Error("no device");
    const asked: number[] = [];
    one.beforeHearing = () => void asked.push(world.clock.monotonicMs());
    const reads = clearing(one, () => world.clock.monotonicMs());
    world.line([one]);
    // the counter's answer is shorter than any other, and still not what is asked
    const wide = point("wide", { address: 0, count: 20, type: "string", pollMs: 500 });
    const started = world.start(bus("line", [device("d1", 1, { points: [COUNTER, wide], probeMsMax: 1_000 })]));
    await world.clock.advance(5_000);
    one.inject({ kind: "lost-reply" });
    await world.clock.advance(4_000);
    expect(world.deviceStatus(started, "d1").probeInMs).toBeDefined();
    const before = [asked.length, reads.length] as const;
    await world.clock.advance(30_000);
    expect(asked.length - before[0]).toBeGreaterThan(10);
    expect(reads.length).toBe(before[1]);
    one.clear();
    await world.clock.advance(5_000);
    expect(reads.length).toBeGreaterThan(before[1]);
  });

  test("is asked no more often than in health where a dead device has nothing else", async () => {
    await using world = busWorld();
    const [one] = world.devices([1]);
    if (one === undefined) throw new Error("no device");
    const reads = clearing(one, () => world.clock.monotonicMs());
    world.line([one], rtu());
    const slow = { ...COUNTER, pollMs: 10_000 };
    world.start(bus("line", [device("d1", 1, { points: [slow], probeMsMax: 1_000 })]));
    await world.clock.advance(5_000);
    one.inject({ kind: "lost-reply" });
    await world.clock.advance(200_000);
    expect(reads.length).toBeGreaterThan(15);
    expect(reads.length).toBeLessThanOrEqual(21);
  });

  test("is read once after the line was away, also where that was in the middle of its period", async () => {
    await using world = busWorld();
    const [one] = world.devices([1]);
    if (one === undefined) throw new Error("no device");
    const reads = clearing(one, () => world.clock.monotonicMs());
    const server = await world.socket("10.0.0.5", [one]);
    const phaseMs = world.clock.monotonicMs();
    world.start(tcpBus("socket", "10.0.0.5", [device("d1", 1, { points: [point("level", { pollMs: 50 }), COUNTER] })]));
    await world.clock.advance(2_000);
    for (let i = 0; i < 100; i++) {
      await world.clock.advance(310);
      server.disconnect();
    }
    expect(Math.max(...perPeriod(reads, phaseMs))).toBe(1);
    expect(reads.length).toBeGreaterThan(25);
  });
});
