import { describe, expect, test } from "vitest";
import type { BusSnapshot, DeviceSnapshot } from "../../../../agent/config/snapshot.ts";
import type { BusCounters } from "../../../../agent/contract/status.ts";
import type { Injection, ModbusDevice } from "../../../../simulator/modbus/index.ts";
import { busWorld } from "../world.ts";
import type { BusWorld } from "../world.ts";
import { ascii, bus, device, registers, tcpBus } from "../snapshots.ts";

const HOST = "10.0.0.5";

/** The wires whose frames carry no transaction id, beside the RTU line that rtu-faults.test.ts is about. */
const WIRES = ["ascii", "rtu-over-tcp", "ascii-over-tcp"] as const;

async function start(
  world: BusWorld,
  wire: (typeof WIRES)[number],
  devices: readonly ModbusDevice[],
  snapshots: readonly DeviceSnapshot[],
  over: Partial<BusSnapshot> = {},
) {
  if (wire === "ascii") {
    world.line(devices, ascii());
    return world.start(bus("line", snapshots, { transport: ascii(), ...over }));
  }
  const framing = wire === "rtu-over-tcp" ? "rtu" : "ascii";
  await world.socket(HOST, devices, "silence", framing);
  return world.start({ ...tcpBus("line", HOST, snapshots, framing), ...over });
}

const faults: readonly {
  readonly fault: Injection;
  readonly counted: keyof BusCounters;
  readonly reason: string;
  /** times the unit is struck and still says something whole or plainly damaged */
  readonly answered: boolean;
}[] = [
  { fault: { kind: "silence", count: 1 }, counted: "timeouts", reason: "no-reply", answered: false },
  { fault: { kind: "late-reply", ms: 400, count: 1 }, counted: "lateReplies", reason: "no-reply", answered: false },
  { fault: { kind: "crc-error", count: 1 }, counted: "crcErrors", reason: "bad-frame", answered: true },
  { fault: { kind: "wrong-unit", unit: 77, count: 1 }, counted: "foreignFrames", reason: "no-reply", answered: false },
  { fault: { kind: "exception", code: 4, count: 1 }, counted: "exceptions", reason: "exception", answered: true },
  { fault: { kind: "half-reply", count: 1 }, counted: "shortFrames", reason: "bad-frame", answered: false },
  { fault: { kind: "byte-loss", byte: 5, count: 1 }, counted: "shortFrames", reason: "bad-frame", answered: false },
  { fault: { kind: "short-frame", bytes: 1, count: 1 }, counted: "shortFrames", reason: "bad-frame", answered: false },
];

describe.each(WIRES)("a bus on %s", (wire) => {
  test("says what it is, reads, writes and reads back", async () => {
    await using world = busWorld();
    const [one] = world.devices([1]);
    if (one === undefined) throw new Error("no device");
    const started = await start(world, wire, [one], [device("d1", 1, registers(10))]);
    await world.clock.advance(3_000);
    expect(started.status(false)).toMatchObject({ kind: wire, state: "open" });
    expect(world.deviceStatus(started, "d1").points[3]).toMatchObject({ value: 1_003, quality: "good" });
    expect(await world.ask(started, { function: 6, unit: 1, address: 3, value: 77 })).toEqual({ kind: "done" });
    expect(await world.ask(started, { function: 16, unit: 1, address: 4, values: [7, 8] })).toEqual({ kind: "done" });
    expect(await world.ask(started, { function: 15, unit: 1, address: 0, values: [false, true] })).toEqual({
      kind: "done",
    });
    await world.clock.advance(1_100);
    expect(
      world
        .deviceStatus(started, "d1")
        .points.slice(3, 6)
        .map(({ value }) => value),
    ).toEqual([77, 7, 8]);
    expect(world.counters(started)).toMatchObject({ timeouts: 0, crcErrors: 0, discardedBytes: 0 });
  });

  test.each(faults)("counts and shows $fault.kind, and is over it with the next good reply", async (row) => {
    await using world = busWorld();
    const [first, second] = world.devices([1, 2]);
    if (first === undefined || second === undefined) throw new Error("no devices");
    const snapshots = [device("d1", 1, registers(10)), device("d2", 2, registers(10))];
    const started = await start(world, wire, [first, second], snapshots);
    await world.clock.advance(5_100);
    const before = world.counters(started);
    first.inject(row.fault);
    // in ASCII a frame that stops half-way may go on for a second
    await world.clock.advance(2_400);
    const struck = world.counters(started);
    expect(struck[row.counted]).toBe(before[row.counted] + 1);
    expect(world.samplesOf("d1").some((sample) => sample.reason === row.reason)).toBe(true);
    expect(struck.timeouts - before.timeouts).toBe(row.answered ? 0 : 1);
    await world.clock.advance(4_000);
    expect(world.deviceStatus(started, "d1").points[3]).toMatchObject({ value: 1_003, quality: "good" });
    expect(world.samplesOf("d2").every((sample) => sample.reason === "ok")).toBe(true);
  });

  test("takes no wrong value, whatever comes late, broken, for somebody else or in pieces", async () => {
    await using world = busWorld(11);
    const devices = world.devices([1, 2, 3], 2);
    const polls = { ...registers(12, { pollMs: 250 }), pollMs: 250, timeoutMs: 200, lateReplyMs: 400 };
    const snapshots = [1, 2, 3].map((unit) => device(`d${unit}`, unit, polls));
    const started = await start(world, wire, devices, snapshots);
    const [one, two, three] = devices;
    one?.inject({ kind: "byte-loss", probability: 0.2 });
    one?.inject({ kind: "late-reply", ms: 350, probability: 0.1 });
    two?.inject({ kind: "crc-error", probability: 0.2 });
    two?.inject({ kind: "half-reply", probability: 0.1 });
    if (wire === "ascii") two?.inject({ kind: "babble", everyMs: 700, bytesMax: 20 });
    else two?.inject({ kind: "split-bytes", probability: 0.2 });
    three?.inject({ kind: "wrong-unit", probability: 0.1 });
    three?.inject({ kind: "short-frame", probability: 0.1 });
    three?.inject({ kind: "long-frame", probability: 0.1 });
    if (wire !== "ascii") three?.inject({ kind: "disconnect", probability: 0.01 });
    await world.clock.advance(600_000);
    const read = world.samples.filter((sample) => sample.value !== null);
    expect(read.length).toBeGreaterThan(500);
    for (const { source, point, value } of read) expect(value).toBe(Number(source.slice(1)) * 1_000 + point);
    expect(world.counters(started).replies).toBeGreaterThan(1_000);
    expect(world.counters(started).lateReplies).toBeGreaterThan(5);
    for (const faulty of devices) faulty.clear();
    await world.clock.advance(130_000);
    for (const name of ["d1", "d2", "d3"]) {
      expect(world.deviceStatus(started, name).points.every(({ quality }) => quality === "good")).toBe(true);
    }
  });

  test("writes to everybody at once where that is allowed, and nobody answers", async () => {
    await using world = busWorld();
    const devices = world.devices([1, 2]);
    const snapshots = [device("d1", 1), device("d2", 2)];
    const started = await start(world, wire, devices, snapshots, { broadcast: true });
    await world.clock.advance(2_000);
    expect(await world.ask(started, { function: 6, unit: 0, address: 9, value: 5 })).toEqual({ kind: "done" });
    if (wire === "ascii") for (const one of devices) expect(one.holdingRegisters.read(9, 1)).toEqual([5]);
  });
});

test("an answer in ASCII may pause for almost a second, and a trickle holds the line for no longer than that", async () => {
  await using world = busWorld();
  const wire = world.serial.wire("/dev/ttyS0", ascii());
  let pauses = 1;
  wire.receive((chunk) => {
    if (!Buffer.from(chunk).includes("\n")) return;
    const text = ":0103020007F3\r\n";
    const parts = Array.from({ length: pauses + 1 }, (_, i) => text.slice(i, i === pauses ? undefined : i + 1));
    for (const [i, part] of parts.entries()) world.clock.after(1 + 900 * i, () => wire.send(Buffer.from(part)));
  });
  const started = world.start(bus("line", [device("d1", 1)], { transport: ascii() }));
  await world.clock.advance(4_000);
  expect(world.deviceStatus(started, "d1").points[0]).toMatchObject({ value: 7, quality: "good" });
  pauses = 12;
  const { timeouts } = world.counters(started);
  await world.clock.advance(5_000);
  expect(world.counters(started).timeouts).toBeGreaterThan(timeouts);
  expect(world.deviceStatus(started, "d1").points[0]).toMatchObject({ value: 7, quality: "stale" });
});
