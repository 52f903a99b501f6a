import { describe, expect, test } from "vitest";
import type { Injection } from "../../../../simulator/modbus/index.ts";
import type { BusCounters } from "../../../../agent/contract/status.ts";
import { busWorld } from "../world.ts";
import { bus, device, registers } from "../snapshots.ts";

const faults: readonly {
  readonly fault: Injection;
  readonly counted: keyof BusCounters;
  readonly reason: string;
  /** times the first unit is struck */
  readonly answered: boolean;
}[] = [
  { fault: { kind: "silence", count: 1 }, counted: "timeouts", reason: "no-reply", answered: false },
  { fault: { kind: "late-reply", ms: 400, count: 1 }, counted: "lateReplies", reason: "no-reply", answered: false },
  { fault: { kind: "crc-error", count: 1 }, counted: "crcErrors", reason: "bad-frame", answered: true },
  { fault: { kind: "wrong-unit", unit: 77, count: 1 }, counted: "foreignFrames", reason: "no-reply", answered: false },
  { fault: { kind: "exception", code: 4, count: 1 }, counted: "exceptions", reason: "exception", answered: true },
  { fault: { kind: "half-reply", count: 1 }, counted: "shortFrames", reason: "bad-frame", answered: false },
  { fault: { kind: "byte-loss", byte: 5, count: 1 }, counted: "shortFrames", reason: "bad-frame", answered: false },
  { fault: { kind: "byte-loss", byte: 0, count: 1 }, counted: "crcErrors", reason: "bad-frame", answered: false },
  { fault: { kind: "short-frame", bytes: 1, count: 1 }, counted: "shortFrames", reason: "bad-frame", answered: false },
  { fault: { kind: "long-frame", bytes: 2, count: 1 }, counted: "crcErrors", reason: "bad-frame", answered: true },
];

describe("a fault on a serial line", () => {
  test.each(faults)("$fault.kind is counted, shown and over with the next good reply", async (row) => {
    await using world = busWorld();
    const [first, second] = world.devices([1, 2]);
    if (first === undefined || second === undefined) throw new Error("no devices");
    world.line([first, second]);
    const started = world.start(bus("line", [device("d1", 1, registers(10)), device("d2", 2, registers(10))]));
    await world.clock.advance(5_100);
    expect(world.deviceStatus(started, "d1").points[3]).toMatchObject({ value: 1_003, quality: "good" });
    const before = world.counters(started);

    first.inject(row.fault);
    await world.clock.advance(1_500);
    const struck = world.counters(started);
    expect(struck[row.counted]).toBe(before[row.counted] + 1);
    expect(world.samplesOf("d1").some((sample) => sample.reason === row.reason)).toBe(true);
    expect(struck.timeouts - before.timeouts).toBe(row.answered ? 0 : 1);

    await world.clock.advance(3_000);
    expect(world.deviceStatus(started, "d1").points[3]).toMatchObject({ value: 1_003, quality: "good" });
    const after = world.counters(started);
    expect({ ...after, requests: 0, replies: 0 }).toEqual({ ...struck, requests: 0, replies: 0 });
    expect(world.samplesOf("d2").every((sample) => sample.reason === "ok")).toBe(true);
  });

  test("whatever a noisy line does, no wrong value is ever taken", async () => {
    await using world = busWorld(7);
    const devices = world.devices([1, 2, 3], 2);
    world.line(devices);
    const started = world.start(
      bus(
        "line",
        [1, 2, 3].map((unit) => device(`d${unit}`, unit, { ...registers(12, { pollMs: 200 }), pollMs: 200 })),
      ),
    );
    const [one, two, three] = devices;
    one?.inject({ kind: "byte-loss", probability: 0.2 });
    one?.inject({ kind: "late-reply", ms: 350, probability: 0.1 });
    two?.inject({ kind: "babble", everyMs: 700, bytesMax: 20 });
    two?.inject({ kind: "crc-error", probability: 0.2 });
    three?.inject({ kind: "wrong-unit", probability: 0.1 });
    three?.inject({ kind: "short-frame", probability: 0.1 });
    three?.inject({ kind: "long-frame", probability: 0.1 });
    await world.clock.advance(600_000);
    const read = world.samples.filter((sample) => sample.value !== null);
    expect(read.length).toBeGreaterThan(500);
    for (const { source, point, value } of read) expect(value).toBe(Number(source.slice(1)) * 1_000 + point);
    const counters = world.counters(started);
    expect(counters.replies).toBeGreaterThan(1_000);
    expect(counters.discardedBytes).toBeGreaterThan(1_000);

    for (const faulty of devices) faulty.clear();
    await world.clock.advance(130_000);
    for (const name of ["d1", "d2", "d3"]) {
      expect(world.deviceStatus(started, name).points.every(({ quality }) => quality === "good")).toBe(true);
    }
  });

  test("after a timeout the unit is left alone for lateReplyMs while the others are asked", async () => {
    await using world = busWorld();
    const [first, second] = world.devices([1, 2]);
    if (first === undefined || second === undefined) throw new Error("no devices");
    world.line([first, second]);
    const polls = { ...registers(4, { pollMs: 100 }), pollMs: 100, lateReplyMs: 2_000 };
    world.start(bus("line", [device("d1", 1, polls), device("d2", 2, polls)]));
    await world.clock.advance(3_000);
    first.inject({ kind: "late-reply", ms: 1_000, count: 1 });
    const asked: { unit: number; atMs: number }[] = [];
    const traceFrom = world.serial.trace("/dev/ttyS0").length;
    await world.clock.advance(3_000);
    let previousOut = Number.NEGATIVE_INFINITY;
    for (const { direction, byte, startMs, endMs } of world.serial.trace("/dev/ttyS0").slice(traceFrom)) {
      if (direction !== "out") continue;
      if (startMs - previousOut > 1) asked.push({ unit: byte, atMs: startMs });
      previousOut = endMs;
    }
    const unit1 = asked.filter(({ unit }) => unit === 1).map(({ atMs }) => atMs);
    const longest = Math.max(...unit1.slice(1).map((atMs, i) => atMs - (unit1[i] as number)));
    expect(longest).toBeGreaterThanOrEqual(2_300);
    expect(longest).toBeLessThan(2_600);
    expect(asked.filter(({ unit }) => unit === 2).length).toBeGreaterThan(20);
  });

  test("a line that never falls silent is reported, marks its points and is used again once it does", async () => {
    await using world = busWorld();
    const devices = world.devices([1]);
    world.line(devices);
    const started = world.start(bus("line", [device("d1", 1)]));
    await world.clock.advance(2_000);
    const babbler = world.serial.wire("/dev/ttyS0", { baudRate: 9_600, parity: "even", dataBits: 8, stopBits: 1 });
    babbler.send(new Uint8Array(9_000).fill(0x55));
    await world.clock.advance(6_000);
    expect(started.status(true)).toMatchObject({
      lastFault: { code: "BUS_OCCUPIED" },
      devices: [{ points: [{ quality: "stale", reason: "bad-frame" }] }],
    });
    await world.clock.advance(10_000);
    expect(world.deviceStatus(started, "d1").points[0]).toMatchObject({ quality: "good" });
  });
});
