import { expect, test } from "vitest";
import { EXCEPTION_CODES, ModbusDevice, shortPdu } from "../../../../simulator/modbus/index.ts";
import { bus, device, point, registers, rtu } from "../snapshots.ts";
import { inventoryWorld } from "./world.ts";

const PLAN = () => bus("line-1", [device("pump-1", 1, registers(4)), device("pump-2", 2)]);

test("a quiet line with its own devices accuses nobody, and knows how fast each answers", async () => {
  await using world = inventoryWorld();
  world.shared(world.devices([1, 2], 10));
  const line = world.watched(PLAN());
  await world.clock.advance(60_000);
  const seen = world.seen(line);
  expect(world.alarms).toEqual([]);
  expect(seen.requests).toEqual([]);
  expect(seen.echo).toBeUndefined();
  expect(seen.units.map(({ unit, device: name, expected }) => [unit, name, expected])).toEqual([
    [1, "pump-1", true],
    [2, "pump-2", true],
  ]);
  const { replyTime } = seen.units[0] ?? {};
  // 3.5 characters of silence, 10 ms of thinking, 13 characters of answer at 9 600 baud
  expect(replyTime?.p50Ms).toBeGreaterThan(24);
  expect(replyTime?.p50Ms).toBeLessThan(24 + 13 * 1.15 * 0.6 + 4);
  expect(seen.units[0]?.replies).toBeGreaterThan(50);
});

test("a second master that reads is named with unit, function, range and time, and the alarm returns when it has gone", async () => {
  await using world = inventoryWorld();
  const master = world.shared(world.devices([1, 2], 5));
  const line = world.watched(PLAN());
  await world.clock.advance(60_000);
  const polling = master.poll({ unit: 2, pdu: shortPdu(4, 1, 2) }, 1_700);
  await world.clock.advance(20_000);
  expect(world.standing()).toEqual({
    "second-master line-1":
      "line-1: another master asks unit 2, function 4 (read input registers), input register 1 to 2; since 2026-01-01 00:01:02 UTC",
  });
  const [request] = world.seen(line).requests;
  expect(request).toMatchObject({ unit: 2, function: 4, address: 1, quantity: 2, planned: false });
  expect(request?.count).toBe(master.counters.asked);
  expect(world.seen(line).findings.map(({ alarm }) => alarm)).toEqual(["second-master"]);
  polling[Symbol.dispose]();
  await world.clock.advance(700_000);
  expect(world.standing()).toEqual({});
  expect(world.seen(line).findings).toEqual([]);
});

test("a second master that asks just what we ask is found all the same", async () => {
  await using world = inventoryWorld();
  const master = world.shared(world.devices([1, 2], 5));
  const line = world.watched(PLAN());
  await world.clock.advance(10_000);
  master.poll({ unit: 2, pdu: shortPdu(3, 0, 1) }, 2_300);
  await world.clock.advance(20_000);
  expect(Object.keys(world.standing())).toEqual(["second-master line-1"]);
  expect(world.seen(line).requests[0]).toMatchObject({ unit: 2, function: 3, planned: true });
});

test.each([
  [5, shortPdu(5, 3, 0xff00), "function 5 (write single coil), coil 3"],
  [6, shortPdu(6, 12, 77), "function 6 (write single register), holding register 12"],
  [16, Uint8Array.of(16, 0, 7, 0, 2, 4, 0, 1, 0, 2), "function 16 (write multiple registers), holding register 7 to 8"],
])("one single write of somebody else, function %i, is told with its place", async (code, pdu, text) => {
  await using world = inventoryWorld();
  const master = world.shared(world.devices([1, 2], 5));
  world.watched(PLAN());
  await world.clock.advance(60_000);
  master.ask({ unit: 1, pdu });
  await world.clock.advance(3_000);
  const standing = world.standing();
  expect(standing["second-master line-1"]).toContain(`unit 1, ${text}; since 2026-01-01 00:01:00 UTC`);
  const write = Object.entries(standing).find(([key]) => key.startsWith("unplanned-write"));
  expect(write?.[0]).toContain(`line-1/unit-1/function-${code}`);
  expect(write?.[1]).toContain(`somebody else writes: unit 1, ${text}`);
});

test("a broadcast write of somebody else is told although nobody answers it", async () => {
  await using world = inventoryWorld();
  const master = world.shared(world.devices([1, 2], 5));
  world.watched(PLAN());
  await world.clock.advance(60_000);
  master.ask({ unit: 0, pdu: shortPdu(6, 12, 77) });
  await world.clock.advance(3_000);
  expect(Object.values(world.standing()).join("\n")).toContain("every unit (broadcast), function 6");
});

test("a unit that the plan does not have is told once it answers somebody", async () => {
  await using world = inventoryWorld();
  const master = world.shared(world.devices([1, 2, 9], 5));
  const line = world.watched(PLAN());
  await world.clock.advance(10_300);
  master.ask({ unit: 9, pdu: shortPdu(3, 0, 2) });
  await world.clock.advance(3_000);
  expect(world.standing()["unexpected-unit line-1/unit-9"]).toContain(
    "line-1: unit 9 answers (function 3), and the configuration has no such unit; since 2026-01-01 00:00:10 UTC",
  );
  expect(world.seen(line).units.find(({ unit }) => unit === 9)).toMatchObject({ expected: false, replies: 1 });
});

test("our own writes, from whomever they come in the gateway, are no unplanned writes", async () => {
  await using world = inventoryWorld();
  world.shared(world.devices([1, 2], 5));
  const line = world.watched(PLAN());
  await world.clock.advance(10_000);
  for (const value of [1, 2, 2, 3]) {
    await world.ask(line, { function: 6, unit: 1, address: 12, value });
    await world.ask(line, { function: 16, unit: 1, address: 12, values: [value, value] });
  }
  await world.clock.advance(10_000);
  expect(world.alarms).toEqual([]);
});

test("answers that come long after their time accuse nobody, to a read or to a write", async () => {
  await using world = inventoryWorld();
  const devices = world.devices([1, 2], 5);
  world.shared(devices);
  const line = world.watched(bus("line-1", [device("pump-1", 1), device("pump-2", 2)]));
  await world.clock.advance(10_000);
  for (let i = 0; i < 40; i++) {
    devices[i % 2]?.inject({ kind: "late-reply", ms: 1_400 + 173 * i, count: 1 });
    const write = { function: 5, unit: (i % 2) + 1, address: 1, on: true } as const;
    if (i % 4 < 2) await world.ask(line, write);
    await world.clock.advance(12_000);
  }
  expect(line.status(false).counters.foreignFrames + line.status(false).counters.lateReplies).toBeGreaterThan(30);
  expect(world.alarms).toEqual([]);
  expect(world.seen(line).requests).toEqual([]);
});

test("a device that answers in another's place is told, not the one that is only late", async () => {
  await using world = inventoryWorld();
  const [one, two] = world.devices([1, 2], 5) as [ModbusDevice, ModbusDevice];
  world.shared([one, two]);
  world.watched(bus("line-1", [device("pump-1", 1), device("pump-2", 2)]));
  await world.clock.advance(10_000);
  two.inject({ kind: "late-reply", ms: 900, count: 4 });
  await world.clock.advance(60_000);
  expect(world.alarms).toEqual([]);
  one.inject({ kind: "wrong-unit", unit: 2 });
  await world.clock.advance(30_000);
  expect(world.standing()["wrong-device line-1/unit-1"]).toContain(
    "pump-1 (unit 1) was asked and pump-2 (unit 2) answered in its place; since 2026-01-01 00:01:1",
  );
  expect(Object.keys(world.standing())).toEqual(["wrong-device line-1/unit-1"]);
});

test("a range that was answered and is refused for a minute is a changed register map, what a device refuses while it starts is not", async () => {
  await using world = inventoryWorld();
  const [one] = world.devices([1], 5) as [ModbusDevice];
  world.shared([one]);
  world.watched(
    bus("line-1", [device("meter", 1, { points: [point("energy", { address: 10, count: 2, type: "uint32" })] })]),
  );
  await world.clock.advance(10_000);
  one.inject({ kind: "exception", code: EXCEPTION_CODES.illegalDataAddress, count: 50 });
  await world.clock.advance(59_000);
  expect(world.alarms).toEqual([]);
  one.inject({ kind: "exception", code: EXCEPTION_CODES.illegalDataAddress });
  await world.clock.advance(65_000);
  expect(world.standing()).toEqual({
    "changed-register-map line-1/1/3:10+2":
      "line-1: meter (unit 1) used to answer unit 1, function 3 (read holding registers), holding register 10 to 11, and refuses it now (exception 2, illegal data address); since 2026-01-01 00:01:09 UTC",
  });
  one.clear();
  await world.clock.advance(3_000);
  expect(world.standing()).toEqual({});
});

test("answers of another length than asked for are a changed register map once they last", async () => {
  await using world = inventoryWorld();
  const [one] = world.devices([1], 5) as [ModbusDevice];
  world.shared([one]);
  world.watched(bus("line-1", [device("meter", 1, { points: [point("energy", { count: 2, type: "uint32" })] })]));
  await world.clock.advance(10_000);
  one.inject({ kind: "long-frame", count: 50 });
  await world.clock.advance(60_000);
  expect(world.alarms).toEqual([]);
  one.inject({ kind: "long-frame" });
  await world.clock.advance(70_000);
  expect(Object.values(world.standing())).toEqual([
    expect.stringContaining("with 11 bytes, 9 were asked for; since 2026-01-01 00:01:1"),
  ]);
  one.clear();
  await world.clock.advance(10_000);
  expect(world.standing()).toEqual({});
});

test("what was seen is there again after a restart, on the same line only", async () => {
  await using world = inventoryWorld();
  const master = world.shared(world.devices([1, 2, 9], 5));
  const line = world.watched(PLAN());
  await world.clock.advance(10_300);
  master.ask({ unit: 9, pdu: shortPdu(3, 0, 2) });
  await world.clock.advance(70_000);
  const before = world.seen(line);
  await line.stop();
  await world.inventory[Symbol.asyncDispose]();

  await using later = inventoryWorld({ disk: world.disk });
  later.shared(later.devices([1, 2], 5));
  await later.inventory.restore();
  const again = later.watched(PLAN());
  const elsewhere = later.inventory.watch(
    bus("line-2", [device("other", 1)], { transport: rtu({ path: "/dev/ttyS9" }) }),
  );
  const after = later.seen(again);
  expect(after.units.map(({ unit, replies }) => [unit, replies])).toEqual(
    before.units.map(({ unit, replies }) => [unit, replies]),
  );
  expect(after.requests).toEqual(before.requests);
  expect(elsewhere.inventory().units).toEqual([]);
});

test("a device that answers in another's place once in a while, with right answers between, accuses nobody", async () => {
  await using world = inventoryWorld();
  const [one, two] = world.devices([1, 2], 5) as [ModbusDevice, ModbusDevice];
  world.shared([one, two]);
  world.watched(bus("line-1", [device("pump-1", 1), device("pump-2", 2)]));
  await world.clock.advance(10_000);
  for (let i = 0; i < 8; i++) {
    one.inject({ kind: "wrong-unit", unit: 2, count: 1 });
    await world.clock.advance(45_000);
  }
  expect(world.alarms).toEqual([]);
});

test("a range that was never answered is no changed register map, however long it is refused", async () => {
  await using world = inventoryWorld();
  const [one] = world.devices([1], 5) as [ModbusDevice];
  one.inject({ kind: "exception", code: EXCEPTION_CODES.illegalDataAddress });
  world.shared([one]);
  world.watched(bus("line-1", [device("pump-1", 1)]));
  await world.clock.advance(300_000);
  expect(world.alarms).toEqual([]);
});

test("one single write whose lengths agree is told, to whichever unit; one that is also an answer is not, just after opening", async () => {
  await using world = inventoryWorld();
  const master = world.shared(world.devices([1], 5));
  world.watched(PLAN());
  await world.clock.advance(2_000);
  // nobody is there to answer it
  master.ask({ unit: 2, pdu: shortPdu(6, 12, 77) });
  await world.clock.advance(2_000);
  expect(world.alarms).toEqual([]);
  await world.clock.advance(60_000);
  master.ask({ unit: 77, pdu: Uint8Array.of(16, 0, 7, 0, 1, 2, 0, 1) });
  await world.clock.advance(2_000);
  expect(Object.keys(world.standing())).toContain("unplanned-write line-1/unit-77/function-16/7");
});

test("a device that says something else of itself than before is told until it is itself again", async () => {
  await using world = inventoryWorld();
  const { clock, entropy } = world;
  const [before, after] = ["1.4", "2.0"].map(
    (revision) => new ModbusDevice({ unit: 1, clock, entropy, identification: { 0: "Works", 1: "M-7", 2: revision } }),
  ) as [ModbusDevice, ModbusDevice];
  for (const one of [before, after]) {
    one.holdingRegisters.store(0, [7]);
    world.shared([one]);
  }
  after.inject({ kind: "silence" });
  const line = world.watched(bus("line-1", [device("pump-1", 1)]));
  const identify = { function: 43, unit: 1, access: 1, object: 0 } as const;
  await clock.advance(5_000);
  expect(await world.ask(line, identify)).toMatchObject({ kind: "identity" });
  expect(world.seen(line).units[0]?.identity).toMatchObject({ 2: "1.4" });
  before.inject({ kind: "silence" });
  after.clear();
  await clock.advance(5_000);
  await world.ask(line, identify);
  const [[key, evidence] = []] = Object.entries(world.standing());
  expect(key).toBe("wrong-device line-1/unit-1/identity");
  expect(evidence).toContain('pump-1 (unit 1) said "1.4" of itself and now says "2.0": another device?');
  await clock.advance(700_000);
  expect(Object.keys(world.standing())).toHaveLength(1);
  after.inject({ kind: "silence" });
  before.clear();
  await clock.advance(5_000);
  await world.ask(line, identify);
  expect(world.standing()).toEqual({});
});
