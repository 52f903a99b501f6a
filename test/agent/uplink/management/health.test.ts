import { afterAll, beforeAll, expect, test } from "vitest";
import { HEALTH_PERIOD_S } from "../../../../agent/contract/health.ts";
import type { FieldFacts } from "../../../../agent/contract/health.ts";
import { DataType } from "../../../../agent/uplink/sparkplug/datatype.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { virtualTime, world } from "../world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const FACTS: FieldFacts = {
  buses: { online: 1, total: 1 },
  devices: { online: 2, total: 2 },
  queue: { values: 0, valuesMax: 1_000, dropped: 0 },
  faults: {},
};

test("health tells what field said, who is there and of which session it is", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.field.health(FACTS);
  await w.pass(3_000);
  w.field.health({ ...FACTS, devices: { online: 1, total: 2 }, faults: { DEVICE_NO_REPLY: 1 } });
  await w.pass(2_000);
  expect(w.host.healths.at(-1)).toMatchObject({
    online: true,
    periodS: HEALTH_PERIOD_S,
    bdSeq: w.host.births.at(-1)?.bdSeq,
    clock: "trusted",
    rooms: { field: "running", keeper: "running" },
    field: { devices: { online: 1, total: 2 }, faults: { DEVICE_NO_REPLY: 1 } },
    uplink: { connects: 1 },
  });
  expect(w.host.breaches).toEqual([]);
});

test("an idle gateway says its health once a period, and no more", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.field.health(FACTS);
  await w.pass(5_000);
  const before = w.host.healths.length;
  for (let i = 0; i < 12; i++) {
    await w.pass(HEALTH_PERIOD_S * 250);
    w.field.health({ ...FACTS, queue: { ...FACTS.queue, values: i } });
  }
  expect(w.host.healths.length - before).toBe(3);
  // what is no reason to speak is said with the rest
  expect(w.host.healths.at(-1)?.field?.queue.values).toBe(10);
});

test("a device that comes and goes every second is told a few times, then once a minute, and its last state is told", async () => {
  await using w = await world(clock);
  await w.pass(60_000);
  const before = w.host.healths.length;
  for (let i = 0; i < 120; i++) {
    w.field.health({ ...FACTS, devices: { online: i % 2, total: 2 } });
    await w.pass(1_000);
  }
  w.field.health({ ...FACTS, devices: { online: 2, total: 2 } });
  const during = w.host.healths.length - before;
  expect(during).toBeGreaterThan(3);
  expect(during).toBeLessThanOrEqual(7);
  await w.pass(61_000);
  expect(w.host.healths.at(-1)?.field?.devices.online).toBe(2);
});

test("a deliberate goodbye leaves online: false behind, retained, before the NDEATH", async () => {
  await using w = await world(clock);
  await w.pass(2_000);
  const { bdSeq } = w.host.healths.at(-1) ?? {};
  await w.stopUplink();
  const last = w.broker.record.kept.slice(-2);
  expect(last.map(({ topic }) => topic)).toEqual(["holdfast/v1/harbour/gw-1/health", "spBv1.0/harbour/NDEATH/gw-1"]);
  expect(last[0]?.retain).toBe(true);
  expect(w.host.healths.at(-1)).toMatchObject({ online: false, bdSeq });
});

test("a connection that breaks leaves the NDEATH of the same bdSeq as its last will, and health comes back with the next", async () => {
  await using w = await world(clock);
  await w.pass(2_000);
  const before = w.host.healths.at(-1);
  expect(before?.online).toBe(true);
  w.network.cut("broker.test", 8883);
  await w.pass(100);
  const death = w.host.heard.findLast(({ verb, received }) => verb === "NDEATH" && received.will);
  expect(Number(death?.payload.metrics[0]?.value)).toBe(before?.bdSeq);
  await w.pass(10_000);
  const after = w.host.healths.at(-1);
  expect(after?.online).toBe(true);
  expect(after?.bdSeq).toBe(((before?.bdSeq ?? 0) + 1) % 256);
  expect(after?.uplink).toMatchObject({ connects: 2 });
  expect(after?.uplink.lastFault?.code).toEqual(expect.stringMatching(/^[A-Z_]+$/));
});

test("field and keeper that stay away are away in health; the facts of a field that is gone are not repeated", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.field.health(FACTS);
  await w.pass(3_000);
  expect(w.host.healths.at(-1)?.field).toEqual(FACTS);
  await w.field.stop();
  await w.keeper[Symbol.asyncDispose]();
  await w.pass(20_000);
  const health = w.host.healths.at(-1);
  expect(health?.rooms).toEqual({ field: "away", keeper: "away" });
  expect(health?.field).toBeUndefined();
});

test("more fault codes than a packet holds are cut short rather than not said", async () => {
  await using w = await world(clock, { broker: { packetBytesMax: 1_024 } });
  await w.pass(1_000);
  const faults = Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`FAULT_WITH_A_RATHER_LONG_NAME_${i}`, 1]));
  w.field.health({ ...FACTS, faults });
  await w.pass(2_000);
  const said = w.host.healths.at(-1)?.field;
  expect(said?.devices).toEqual(FACTS.devices);
  expect(Object.keys(said?.faults ?? {}).length).toBeGreaterThan(5);
  expect(Object.keys(said?.faults ?? {}).length).toBeLessThan(32);
});

test("a gateway that waits for its primary host says nothing of itself before its births", async () => {
  const sparkplug = { group: "harbour", edgeNode: "gw-1", primaryHost: "scada" };
  await using w = await world(clock, { part: { sparkplug } });
  await w.pass(60_000);
  await w.stopUplink();
  expect(w.broker.record.kept.filter(({ topic }) => topic.startsWith("holdfast/"))).toEqual([]);
});

test("a broker that keeps no retained messages is sent none, and hears the health all the same", async () => {
  await using w = await world(clock, { broker: { retains: false } });
  await w.pass(3_000);
  const kept = w.broker.record.kept.filter(({ topic }) => topic.startsWith("holdfast/"));
  expect(new Set(kept.map(({ topic }) => topic.split("/").at(-1)))).toEqual(new Set(["health", "version", "config"]));
  expect(kept.filter(({ retain }) => retain)).toEqual([]);
});

test("a host that sends rubbish all the time does not make the gateway talk all the time", async () => {
  await using w = await world(clock);
  await w.pass(60_000);
  const before = w.host.healths.length;
  for (let i = 0; i < 100; i++) {
    await w.command("spBv1.0/harbour/NCMD/gw-1", [{ name: "x", type: DataType.Int8, value: 1 }]);
    await w.pass(590);
  }
  expect(w.host.healths.length - before).toBeLessThanOrEqual(6);
  await w.pass(61_000);
  expect(w.host.healths.at(-1)?.uplink.writesRefused).toBe(100);
});
