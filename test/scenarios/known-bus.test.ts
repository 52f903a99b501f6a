import { expect, test } from "vitest";
import type { BusSnapshot } from "../../agent/config/snapshot.ts";
import { shortPdu } from "../../simulator/modbus/index.ts";
import type { Injection, ModbusDevice } from "../../simulator/modbus/index.ts";
import { pumpingStation } from "../../simulator/plant/index.ts";
import { inventoryWorld } from "../agent/field/inventory/world.ts";
import { bus, device, point, registers } from "../agent/field/snapshots.ts";

const HOUR_MS = 3_600_000;
const SEED = 20_261_122;
/** Rare enough for few bytes, often enough for 17 000 turns of each device. */
const POLL_MS = 5_000;

/** What every line of some age has: noise, damage, silence, late answers, refusals now and then. */
const ORDINARY: readonly Injection[] = [
  { kind: "crc-error", probability: 0.01 },
  { kind: "byte-loss", probability: 0.01 },
  { kind: "half-reply", probability: 0.005 },
  { kind: "lost-reply", probability: 0.01 },
  { kind: "delay", ms: 120, probability: 0.02 },
  { kind: "late-reply", ms: 700, probability: 0.01 },
  { kind: "exception", code: 2, probability: 0.005 },
  { kind: "exception", code: 6, probability: 0.005 },
  { kind: "short-frame", probability: 0.002 },
  { kind: "long-frame", probability: 0.002 },
];

const slow = { pollMs: POLL_MS, heartbeatMs: 0 };
const PLAN: BusSnapshot = bus("line-1", [
  device("pump-1", 1, registers(2, slow)),
  device("pump-2", 2, registers(2, slow)),
  device("valve", 3, { points: [point("setpoint", slow), point("position", { ...slow, table: "input-register" })] }),
  device("level", 4, {
    points: [point("level", { ...slow, table: "input-register", count: 2, type: "float32" })],
  }),
]);

function troubled(devices: readonly ModbusDevice[]): void {
  for (const one of devices) for (const fault of ORDINARY) one.inject(fault);
  devices[3]?.inject({ kind: "babble", everyMs: 9_000, bytesMax: 16 });
}

test("24 hours of a plant with ordinary faults accuse nobody; then each planted mismatch is found with its evidence", async () => {
  await using world = inventoryWorld({ seed: SEED });
  const { clock, entropy, serial } = world;
  const station = pumpingStation({ clock, entropy });
  const [stranger] = world.devices([77], 5) as [ModbusDevice];
  const devices = [...station.rtu];
  const master = world.shared([...devices, stranger]);
  troubled(devices);
  const line = world.watched(PLAN);
  for (let hour = 0; hour < 24; hour++) {
    await clock.advance(HOUR_MS - 20_000);
    // somebody pulls the adapter out
    serial.vanish("/dev/ttyS0");
    await clock.advance(15_000);
    serial.restore("/dev/ttyS0");
    if (hour % 6 === 5) await world.ask(line, { function: 6, unit: 2, address: 1, value: 4_000 + hour });
    await clock.advance(5_000);
  }
  const { counters } = line.status(false);
  // the day was as bad as it was meant to be
  expect(counters.replies).toBeGreaterThan(60_000);
  for (const name of ["crcErrors", "shortFrames", "timeouts", "lateReplies", "exceptions"] as const) {
    expect(counters[name], name).toBeGreaterThan(100);
  }
  expect(counters.reopened).toBe(24);
  expect(world.alarms).toEqual([]);
  expect(world.seen(line).requests).toEqual([]);
  expect(world.seen(line).units.map(({ unit }) => unit)).toEqual([1, 2, 3, 4]);

  const polling = master.poll({ unit: 77, pdu: shortPdu(3, 4, 2) }, 3_100);
  await clock.advance(30_000);
  polling[Symbol.dispose]();
  for (let i = 0; i < 3; i++) {
    master.ask({ unit: 1, pdu: shortPdu(6, 1, 2_500) });
    await clock.advance(1_700);
  }
  devices[1]?.clear();
  devices[1]?.inject({ kind: "exception", code: 2 });
  devices[2]?.clear();
  devices[2]?.inject({ kind: "wrong-unit", unit: 4 });
  await clock.advance(90_000);
  const standing = world.standing();
  expect(Object.keys(standing).toSorted()).toEqual([
    "changed-register-map line-1/2/3:0+2",
    "second-master line-1",
    "unexpected-unit line-1/unit-77",
    "unplanned-write line-1/unit-1/function-6/1",
    "wrong-device line-1/unit-3",
  ]);
  expect(standing["second-master line-1"]).toMatch(
    /another master asks unit 77, function 3 \(read holding registers\), holding register 4 to 5; unit 1, function 6 \(write single register\), holding register 1; since 2026-01-02 00:00:/u,
  );
  expect(standing["unplanned-write line-1/unit-1/function-6/1"]).toContain(
    "unit 1, function 6 (write single register)",
  );
}, 60_000);

test("a line that echoes accuses nobody for two hours of ordinary faults", async () => {
  await using world = inventoryWorld({ seed: SEED });
  const devices = world.devices([1, 2, 3, 4], 8);
  world.shared(devices, { echo: true });
  troubled(devices);
  const line = world.watched(PLAN);
  await world.clock.advance(2 * HOUR_MS);
  expect(world.seen(line).echo).toBe(true);
  expect(world.alarms).toEqual([]);
  expect(world.seen(line).requests).toEqual([]);
}, 60_000);

const HARDER: readonly (readonly [string, readonly Injection[]])[] = [
  // far beyond the time in which late answers are waited for
  ["that answer up to 12 s late", [1_500, 4_200, 12_000].map((ms) => ({ kind: "late-reply", ms, probability: 0.02 }))],
  ["that restart each quarter of an hour, and refuse everything until they are up", []],
];

test.each(HARDER)(
  "devices %s accuse nobody for eight hours, whoever writes meanwhile",
  async (_name, faults) => {
    await using world = inventoryWorld({ seed: SEED + 1 });
    const { clock } = world;
    const devices = world.devices([1, 2, 3, 4], 8);
    world.shared(devices);
    troubled(devices);
    for (const one of devices) for (const fault of faults) one.inject(fault);
    const line = world.watched(PLAN);
    for (let quarter = 0; quarter < 32; quarter++) {
      if (faults.length === 0) {
        const one = devices[quarter % 4];
        one?.inject({ kind: "silence", untilMs: clock.monotonicMs() + 20_000 });
        await clock.advance(20_000);
        one?.inject({ kind: "exception", code: 2, untilMs: clock.monotonicMs() + 20_000 });
      }
      await clock.advance(HOUR_MS / 4 - 60_000);
      await world.ask(line, { function: 6, unit: 2, address: 1, value: quarter });
      await world.ask(line, { function: 5, unit: 1, address: 1, on: quarter % 2 === 0 });
      await clock.advance(40_000);
    }
    expect(line.status(false).counters.exceptions).toBeGreaterThan(50);
    expect(world.alarms).toEqual([]);
    expect(world.seen(line).requests).toEqual([]);
  },
  60_000,
);
