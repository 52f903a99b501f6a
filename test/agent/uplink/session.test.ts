import { afterAll, beforeAll, expect, test } from "vitest";
import { qualityCode } from "../../../agent/contract/point.ts";
import { DataType } from "../../../agent/uplink/sparkplug/datatype.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import type { SourcePlan } from "./stand-in-field.ts";
import { METER, PUMP, virtualTime, world } from "./world.ts";
import type { World } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const now = (): number => clock.wall().unixMs;
const metricOf = (w: World, verb: string, name: string) =>
  w.host.heard
    .findLast((one) => one.verb === verb && one.payload.metrics.some((metric) => metric.name === name))
    ?.payload.metrics.find((metric) => metric.name === name);

test("births come first, then data; the mark's acknowledgement moves the cursor", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  expect(w.host.verbs()).toEqual(["NBIRTH", "DBIRTH pump", "DBIRTH meter"]);
  w.field.sample(
    "pump",
    [
      [0, -5],
      [1, 2.5],
      [2, true],
    ],
    now(),
  );
  w.field.sample("meter", [[0, "18446744073709551615"]], now());
  await w.pass(300);
  expect(w.host.values.map(({ source, sequence, point, value }) => [source, sequence, point, value])).toEqual([
    ["pump", 0, "speed", -5],
    ["pump", 1, "flow", 2.5],
    ["pump", 2, "running", true],
    ["meter", 0, "energy", 2n ** 64n - 1n],
  ]);
  expect(w.host.marks.at(-1)).toMatchObject({ bootId: "boot-1", sources: { pump: 2, meter: 0 }, gaps: [] });
  expect(Object.fromEntries(w.field.acknowledged.cursors)).toEqual({ pump: 2, meter: 0 });
  expect(w.field.held()).toBe(0);
  expect(w.host.breaches).toEqual([]);
});

test("a birth declares type, engineering range, quality and the value of now", async () => {
  await using w = await world(clock, { unconfigured: true });
  await w.pass(500);
  w.field.sample(
    "pump",
    [
      [0, 1200, qualityCode("above-range")],
      [2, null, qualityCode("bus-down")],
    ],
    now(),
  );
  w.keeper.offer("digest-1", w.part);
  await w.pass(1_000);
  expect(metricOf(w, "DBIRTH", "speed")).toMatchObject({
    type: DataType.Int16,
    value: 1200,
    properties: [
      { key: "Quality", type: DataType.Int32, value: 0 },
      { key: "Holdfast/Quality", value: "uncertain" },
      { key: "Holdfast/Reason", value: "above-range" },
      { key: "engUnit", value: "rpm" },
      { key: "engLow", type: DataType.Double, value: 0 },
      { key: "engHigh", value: 3000 },
    ],
  });
  expect(metricOf(w, "DBIRTH", "running")?.value).toBeNull();
  expect(metricOf(w, "DBIRTH", "running")?.properties?.[0]?.value).toBe(500);
  expect(metricOf(w, "DBIRTH", "flow")?.properties?.[0]?.value).toBe(0);
  expect(metricOf(w, "NBIRTH", "Holdfast/Boot Id")?.value).toBe("boot-1");
  expect(metricOf(w, "NBIRTH", "Holdfast/Version")?.value).toBe("0.1.0-test");
  expect(metricOf(w, "NBIRTH", "Holdfast/Clock Trust")?.value).toBe("trusted");
  expect(w.host.breaches).toEqual([]);
});

test("data says a quality only where it is not good, or was not", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  for (const reason of ["ok", "ok", "no-reply", "ok", "ok"] as const) {
    w.field.sample("meter", [[0, "1", qualityCode(reason)]], now());
    await w.pass(250);
  }
  expect(w.host.values.map(({ quality }) => quality)).toEqual([192, undefined, 500, 192, undefined]);
});

test("seq runs on over node and devices, and from 255 to 0", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  for (let i = 0; i < 300; i++) {
    w.field.sample(i % 2 === 0 ? "pump" : "meter", [[0, i % 2 === 0 ? i : String(i)]], now());
    await w.pass(250);
  }
  const seqs = w.host.heard.map(({ payload }) => payload.seq);
  expect(seqs).toContain(255);
  expect(seqs.filter((seq) => seq === 0)).toHaveLength(2);
  expect(w.host.values).toHaveLength(300);
  expect(w.host.breaches).toEqual([]);
});

test("small batches of a device in one round become one message", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  const before = w.host.heard.length;
  for (let i = 0; i < 20; i++)
    w.field.sample(
      "pump",
      [
        [0, i],
        [1, i / 2],
      ],
      now(),
    );
  await w.pass(300);
  expect(w.host.verbs().slice(before)).toEqual(["DDATA pump"]);
  expect(w.host.values.map(({ sequence }) => sequence)).toEqual([...Array(40).keys()]);
});

test("a message is split where a packet would be too large, and no value is lost", async () => {
  const text: SourcePlan = { name: "plc", points: [{ name: "note", type: "string" }] };
  await using w = await world(clock, { sources: [text], broker: { packetBytesMax: 2_048 } });
  await w.pass(1_000);
  w.field.sample(
    "plc",
    Array.from({ length: 40 }, (_, i) => [0, `${i} ${"x".repeat(200)}`] as const),
    now(),
  );
  await w.pass(2_000);
  expect(w.host.values.map(({ sequence }) => sequence)).toEqual([...Array(40).keys()]);
  expect(w.host.heard.filter(({ verb }) => verb === "DDATA").length).toBeGreaterThan(4);
  for (const { payload } of w.broker.record.kept) expect(payload.length).toBeLessThan(2_048);
  expect(w.field.held()).toBe(0);
  expect(w.host.breaches).toEqual([]);
});

test("a device whose birth no packet can hold is a fault, and its values are declared lost", async () => {
  const wide: SourcePlan = {
    name: "wide",
    points: Array.from({ length: 100 }, (_, i) => ({ name: `point-${i}`, type: "uint16" as const })),
  };
  await using w = await world(clock, { sources: [wide, METER], broker: { packetBytesMax: 2_048 } });
  await w.pass(1_000);
  w.field.sample(
    "wide",
    [
      [0, 1],
      [1, 2],
    ],
    now(),
  );
  w.field.sample("meter", [[0, "1"]], now());
  await w.pass(1_000);
  expect((await w.status()).lastFault).toMatchObject({ code: "UPLINK_BIRTH_TOO_LARGE" });
  expect(w.host.marks.flatMap(({ gaps }) => gaps)).toEqual([{ source: "wide", from: 0, to: 1, reason: "too-large" }]);
  expect(w.host.values.map(({ source }) => source)).toEqual(["meter"]);
  expect(w.field.held()).toBe(0);
  expect(w.host.breaches).toEqual([]);
});

test("a device that goes away dies after its last values and is born again when it is back", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.field.sample("pump", [[0, null, qualityCode("no-reply")]], now());
  w.field.online("pump", false, now());
  await w.pass(300);
  w.field.sample("meter", [[0, "1"]], now());
  await w.pass(300);
  w.field.online("pump", true, now());
  w.field.sample("pump", [[0, 7]], now());
  await w.pass(300);
  expect(w.host.verbs().slice(3)).toEqual(["DDATA pump", "DDEATH pump", "DDATA meter", "DBIRTH pump", "DDATA pump"]);
  expect(w.host.breaches).toEqual([]);
});

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
  expect(w.host.statuses.at(-1)).toMatchObject({ writesRefused: 5 });
  expect(w.host.verbs("NDATA").length).toBeGreaterThan(0);
  expect(w.host.breaches).toEqual([]);
});

test("what is no payload, too much of one, or retained is counted and changes nothing", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  await w.broker.publish("spBv1.0/harbour/NCMD/gw-1", Buffer.from("not a payload"));
  await w.command("spBv1.0/harbour/NCMD/gw-1", Array(5_000).fill({ alias: 1 }) as []);
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

test("gaps of the field are said in a mark and counted as acknowledged", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.field.gap("pump", 10);
  w.field.gap("meter", 5);
  w.field.sample("pump", [[0, 1]], now());
  await w.pass(1_000);
  expect(w.host.marks.flatMap(({ gaps }) => gaps)).toEqual([
    { source: "pump", from: 0, to: 9, reason: "queue-full" },
    { source: "meter", from: 0, to: 4, reason: "queue-full" },
  ]);
  expect(w.field.acknowledged.gaps).toBe(2);
  expect(w.host.values[0]).toMatchObject({ source: "pump", sequence: 10 });
  const dropped = w.host.heard.findLast(({ verb }) => verb === "NDATA")?.payload.metrics.map(({ value }) => value);
  expect(dropped).toContain(15n);
});

test("another configuration of the field brings another birth; values of points that are gone are declared", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.broker.acceptAndNeverAnswer("tcp");
  w.broker.disconnectClients();
  await w.pass(10);
  w.field.sample(
    "pump",
    [
      [0, 1],
      [1, 2],
      [2, true],
    ],
    now(),
  );
  w.field.sample("meter", [[0, "9"]], now());
  await w.pass(10);
  w.field.configure([
    {
      name: "pump",
      points: [
        { name: "flow", type: "float64" },
        { name: "speed", type: "int32" },
      ],
    },
  ]);
  w.broker.answerAgain();
  await w.pass(40_000);
  expect(w.host.values.map(({ source, sequence, point, value }) => [source, sequence, point, value])).toEqual([
    ["pump", 1, "flow", 2],
  ]);
  expect(w.host.marks.flatMap(({ gaps }) => gaps)).toEqual([
    { source: "pump", from: 0, to: 0, reason: "configuration-changed" },
    { source: "pump", from: 2, to: 2, reason: "configuration-changed" },
    { source: "meter", from: 0, to: 0, reason: "configuration-changed" },
  ]);
  expect(Object.fromEntries(w.field.acknowledged.cursors)).toEqual({ pump: 2, meter: 0 });
  expect(w.host.breaches).toEqual([]);
});

test("values still under way when the field's configuration changes go out under the old births", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.field.sample("meter", [[0, "9"]], now());
  await w.pass(0);
  w.field.configure([PUMP]);
  await w.pass(1_000);
  expect(w.host.verbs().slice(3)).toEqual(["DDATA meter", "NBIRTH", "DBIRTH pump"]);
  expect(w.host.values).toHaveLength(1);
  expect(w.field.acknowledged.cursors.get("meter")).toBe(0);
});

test("a field that is lost for long takes its devices with it; a short absence nobody notices", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  await w.field.stop();
  await w.pass(1_500);
  await w.field.start();
  await w.pass(2_500);
  expect(w.host.verbs()).toEqual(["NBIRTH", "DBIRTH pump", "DBIRTH meter"]);
  await w.field.stop();
  await w.pass(4_000);
  expect(w.host.verbs().slice(3)).toEqual(["DDEATH pump", "DDEATH meter"]);
  await w.field.start("boot-2");
  await w.pass(1_500);
  expect(w.host.verbs().slice(5)).toEqual(["NBIRTH", "DBIRTH pump", "DBIRTH meter"]);
  expect(w.host.births.at(-1)?.bootId).toBe("boot-2");
  expect((await w.status()).state).toBe("online");
  expect(w.host.breaches).toEqual([]);
});

test("values of a field that died while there was no broker are declared lost under its own boot id", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.network.refuse("broker.test", 8883);
  w.broker.disconnectClients();
  await w.pass(10);
  w.field.sample(
    "pump",
    [
      [0, 1],
      [0, 2],
    ],
    now(),
  );
  await w.pass(100);
  await w.field.stop();
  await w.field.start("boot-2");
  await w.pass(1_000);
  w.field.sample("pump", [[0, 3]], now());
  w.network.restore("broker.test", 8883);
  await w.pass(70_000);
  expect(w.host.marks.filter(({ bootId }) => bootId === "boot-1").flatMap(({ gaps }) => gaps)).toEqual([
    { source: "pump", from: 0, to: 1, reason: "field-restarted" },
  ]);
  expect(w.host.values.map(({ bootId, sequence, value }) => [bootId, sequence, value])).toEqual([["boot-2", 0, 3]]);
  expect(w.host.breaches).toEqual([]);
});

test("a field that breaks the conversation's rules is cut off and heard again from the start", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  const connections = w.field.connections();
  w.field.sendRaw({
    kind: "batch",
    revision: 9,
    source: 0,
    first: 0,
    trust: "trusted",
    points: [0],
    values: [1],
    qualities: [0],
    times: [1],
  });
  await w.pass(2_000);
  expect(w.field.connections()).toBe(connections + 1);
  w.field.sample("pump", [[0, 1]], now());
  await w.pass(500);
  expect(w.host.values).toHaveLength(1);
});

test("a wall clock that is set brings a new birth, so that live values do not count as history", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  const before = now();
  clock.setWall(before - 3_600_000, "bounded");
  await w.pass(300);
  w.field.sample("pump", [[0, 1]], now(), "bounded");
  await w.pass(300);
  expect(w.host.births).toHaveLength(2);
  expect(w.host.values[0]?.historical).toBe(false);
  expect(metricOf(w, "NBIRTH", "Holdfast/Clock Trust")?.value).toBe("bounded");
  clock.setWall(now() + 3_600_000, "trusted");
});

test("the status topic is retained, says what changed, and at most once a second", async () => {
  await using w = await world(clock);
  await w.pass(2_000);
  const finding = { code: "CONFIG_RANGE", line: 3, column: 1, path: "a", message: "m", hint: "h" };
  w.keeper.notice({ file: "gateway.yaml", findings: [finding] });
  await w.pass(1_500);
  expect(w.host.statuses.at(-1)).toMatchObject({
    version: "0.1.0-test",
    bootId: "boot-1",
    configDigest: "digest-1",
    configReport: { file: "gateway.yaml", findings: [finding] },
  });
  const before = w.host.statuses.length;
  for (let i = 0; i < 40; i++) {
    await w.command("spBv1.0/harbour/NCMD/gw-1", [{ name: "x", type: DataType.Int8, value: 1 }]);
    await w.pass(90);
  }
  const times = w.host.statuses.slice(before).map(({ timeMs }) => timeMs);
  expect(times.length).toBeLessThanOrEqual(5);
  expect(w.host.statuses.length).toBeGreaterThan(before + 2);
  await w.pass(2_000);
  expect(w.host.statuses.at(-1)?.writesRefused).toBe(40);
});

test("a configuration report too long for a packet is cut short rather than not said", async () => {
  await using w = await world(clock, { broker: { packetBytesMax: 4_096 } });
  await w.pass(1_000);
  const finding = { code: "CONFIG_RANGE", line: 3, column: 1, path: "a", message: "m".repeat(900), hint: "h" };
  w.keeper.notice({ file: "gateway.yaml", findings: Array(100).fill(finding) as (typeof finding)[] });
  await w.pass(1_500);
  expect(w.host.statuses.at(-1)?.configReport?.findings).toHaveLength(3);
});
