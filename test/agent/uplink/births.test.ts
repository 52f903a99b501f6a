import { afterAll, beforeAll, expect, test } from "vitest";
import { qualityCode } from "../../../agent/contract/point.ts";
import { DataType } from "../../../agent/uplink/sparkplug/datatype.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { profileWorld } from "./profile-world.ts";
import { MOTOR, WIDE } from "./record-sources.ts";
import type { SourcePlan } from "./stand-in-field.ts";
import { METER, metricOf, virtualTime, world } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const TEMPLATES = [MOTOR, WIDE, METER];
const now = (): number => clock.wall().unixMs;

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

test.each([
  ["where the configuration says so", () => world(clock, { sources: TEMPLATES, broker: { packetBytesMax: 1_024 } })],
  [
    "where a broker of MQTT 5 says so",
    () => profileWorld(clock, "generic", { sources: TEMPLATES, broker: { protocol: "5" }, packetBytesMax: 1_024 }),
  ],
])(
  "a node's birth that no packet can hold ends the connection with a fault, and nothing is lost: %s",
  async (_, open) => {
    await using w = await open();
    await w.pass(1_000);
    w.field.sample("meter", [[0, "1"]], now());
    await w.pass(5_000);
    const { state, lastFault, births } = await w.status();
    expect(lastFault).toMatchObject({
      code: "UPLINK_BIRTH_TOO_LARGE",
      message: expect.stringMatching(/the birth of the node takes \d+ bytes, \d+ allowed.*packetBytesMax/),
    });
    expect({ state, births }).toEqual({ state: "waiting", births: 0 });
    expect(w.host.heard.filter(({ verb }) => verb !== "NDEATH")).toEqual([]);
    expect(w.field.held()).toBe(1);
  },
);

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
