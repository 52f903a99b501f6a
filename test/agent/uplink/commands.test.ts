import { afterAll, beforeAll, expect, test } from "vitest";
import { DataType } from "../../../agent/uplink/sparkplug/datatype.ts";
import { encodePayload } from "../../../agent/uplink/sparkplug/encode.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { metricOf, virtualTime, world } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const REBIRTH = encodePayload({
  timestamp: 1,
  metrics: [{ name: "Node Control/Rebirth", type: DataType.Boolean, value: true }],
});
const now = (): number => clock.wall().unixMs;

test("a host may ask for a rebirth: same bdSeq, everything declared anew", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.field.sample("pump", [[0, 42]], now());
  await w.pass(1_000);
  await w.rebirth();
  expect(w.host.verbs("NBIRTH", "DBIRTH").slice(3)).toEqual(["NBIRTH", "DBIRTH pump", "DBIRTH meter"]);
  expect(w.host.births[0]).toEqual(w.host.births[1]);
  expect(metricOf(w, "DBIRTH", "speed")?.value).toBe(42);
  expect(w.host.breaches).toEqual([]);
});

test("rebirths beyond the limit are refused and counted, and come back with time", async () => {
  await using w = await world(clock, { part: { rebirthsPerMinute: 3 } });
  await w.pass(1_000);
  for (let i = 0; i < 10; i++) await w.rebirth();
  expect(w.host.births).toHaveLength(1 + 3);
  expect(await w.status()).toMatchObject({ rebirthsRefused: 7, births: 4 });
  await w.pass(20_000);
  await w.rebirth();
  await w.rebirth();
  expect(w.host.births).toHaveLength(1 + 4);
});

test("a host that asks a thousand times a second gets the births it may have, and data goes on", async () => {
  await using w = await world(clock, { part: { rebirthsPerMinute: 6 } });
  await w.pass(1_000);
  for (let ms = 0; ms < 3_000; ms++) {
    if (ms % 250 === 0) w.field.sample("pump", [[0, ms]], now());
    await w.broker.publish("spBv1.0/harbour/NCMD/gw-1", REBIRTH);
    await w.pass(1);
  }
  await w.pass(1_000);
  expect(w.host.births).toHaveLength(1 + 6);
  expect(await w.status()).toMatchObject({ state: "online", rebirthsRefused: 3_000 - 6, connects: 1 });
  expect(new Set(w.host.values.map(({ sequence }) => sequence)).size).toBe(12);
  expect(w.field.held()).toBe(0);
  expect(w.host.breaches).toEqual([]);
});

test("every other write is refused, counted and shown; nothing is obeyed of it", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  const node = "spBv1.0/harbour/NCMD/gw-1";
  await w.command(node, [{ name: "Node Control/Reboot", type: DataType.Boolean, value: true }]);
  await w.command(node, [{ name: "Node Control/Rebirth", type: DataType.Boolean, value: false }]);
  await w.command(
    node,
    [{ alias: 2, value: 5 }].map((metric) => ({ ...metric, type: DataType.Int32 })),
  );
  await w.command("spBv1.0/harbour/DCMD/gw-1/pump", [
    { name: "speed", type: DataType.Int16, value: 3000 },
    { name: "Node Control/Rebirth", type: DataType.Boolean, value: true },
  ]);
  await w.pass(1_500);
  expect(await w.status()).toMatchObject({ writesRefused: 5, malformedMessages: 0 });
  expect(w.host.births).toHaveLength(1);
  expect(w.host.healths.at(-1)?.uplink.writesRefused).toBe(5);
  expect(w.host.verbs("NDATA").length).toBeGreaterThan(0);
  expect(w.host.breaches).toEqual([]);
});

test("what is no payload, too much of one, or retained is counted and changes nothing", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  await w.broker.publish("spBv1.0/harbour/NCMD/gw-1", Buffer.from("not a payload"));
  await w.command(
    "spBv1.0/harbour/NCMD/gw-1",
    Array.from({ length: 5_000 }, () => ({ alias: 1 })),
  );
  await w.pass(10);
  expect(await w.status()).toMatchObject({ malformedMessages: 1, oversizeMessages: 1, state: "online" });
  await w.broker.publish(
    "spBv1.0/harbour/NCMD/gw-1",
    w.broker.record.kept.find(({ topic }) => topic.includes("NBIRTH"))?.payload ?? new Uint8Array(),
    { retain: true, qos: 1 },
  );
  w.broker.disconnectClients();
  await w.pass(10_000);
  expect(w.host.births).toHaveLength(2);
  expect((await w.status()).malformedMessages).toBe(2);
});
