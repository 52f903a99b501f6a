import { afterAll, beforeAll, expect, test } from "vitest";
import { qualityCode } from "../../../agent/contract/point.ts";
import { DataType } from "../../../agent/uplink/sparkplug/datatype.ts";
import type { Metric, Template } from "../../../agent/uplink/sparkplug/payload.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { decodeByOracle } from "../../interop/sparkplug/oracle.ts";
import { CURVE_VALUES, MOTOR, NAMEPLATE_VALUES, SPARE, WIDE } from "./record-sources.ts";
import { metricOf, virtualTime, world } from "./world.ts";
import type { World } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const now = (): number => clock.wall().unixMs;
/** The members of what must be a template. */
function membersOf(value: unknown): readonly Metric[] {
  expect(value).toMatchObject({ kind: "template" });
  return (value as Template).metrics;
}
const members = (metric: Metric | undefined): readonly (readonly [unknown, unknown])[] =>
  membersOf(metric?.value).map(({ name, value }) => [name, value]);
/** The newest value of a point in data, as the host heard it. */
const latest = (w: World, point: string): unknown => w.host.values.findLast((one) => one.point === point)?.value;

test("a record without rows is an instance of its template, one value with one sequence", async () => {
  await using w = await world(clock, { sources: [MOTOR, SPARE] });
  await w.pass(1_000);
  w.field.sample(
    "motor",
    [
      [0, 5],
      [1, [...NAMEPLATE_VALUES]],
      [0, 6],
    ],
    now(),
  );
  await w.pass(500);
  expect(w.host.values.map(({ point, sequence }) => [point, sequence])).toEqual([
    ["speed", 0],
    ["nameplate", 1],
    ["speed", 2],
  ]);
  expect(latest(w, "nameplate")).toMatchObject({ kind: "template", ref: "motor", isDefinition: false });
  expect(membersOf(latest(w, "nameplate")).map(({ name, type, value }) => [name, type, value])).toEqual([
    ["maker", DataType.String, "Holdfast"],
    ["serial", DataType.Int64, 4_000_000_000n],
    ["power", DataType.Float, 7.5],
    ["efficiency", DataType.Double, 0.93],
    ["poles", DataType.UInt16, 4],
    ["offset", DataType.Int16, -3],
    ["hours", DataType.UInt64, 2n ** 64n - 1n],
    ["balance", DataType.Int64, -5n],
    ["trips", DataType.Int32, -7],
    ["sealed", DataType.Boolean, true],
  ]);
  expect(metricOf(w, "NBIRTH", "motor")?.value).toMatchObject({ isDefinition: true });
  const power = membersOf(metricOf(w, "NBIRTH", "motor")?.value)[2];
  expect(power).toMatchObject({ name: "power", value: null, properties: [{ key: "engUnit", value: "kW" }] });
  expect(w.host.breaches).toEqual([]);
});

test("a record with rows is a data set, whose columns every host reads", async () => {
  await using w = await world(clock, { sources: [MOTOR] });
  await w.pass(1_000);
  w.field.sample("motor", [[2, [...CURVE_VALUES]]], now());
  await w.pass(500);
  expect(latest(w, "curve")).toEqual({
    kind: "data-set",
    columns: ["flow", "steps", "note", "valid"],
    types: [DataType.Float, DataType.Int64, DataType.String, DataType.Boolean],
    rows: [
      [0, 1n, "a", true],
      [10.5, 2n, "b", false],
      [20, 65_535n, "", true],
    ],
  });
  const units = metricOf(w, "DBIRTH", "curve")?.properties?.find(({ key }) => key === "Holdfast/Units");
  expect(units?.value).toEqual([{ key: "flow", type: DataType.String, value: "m3/h" }]);
  expect(w.host.breaches).toEqual([]);
});

test("a record that has no values yet says its shape in the birth, and that it is bad", async () => {
  await using w = await world(clock, { sources: [MOTOR] });
  await w.pass(1_000);
  expect(members(metricOf(w, "DBIRTH", "nameplate")).every(([, value]) => value === null)).toBe(true);
  expect(metricOf(w, "DBIRTH", "curve")?.value).toMatchObject({
    columns: ["flow", "steps", "note", "valid"],
    rows: [],
  });
  for (const name of ["nameplate", "curve"]) {
    expect(metricOf(w, "DBIRTH", name)?.properties?.[0]).toMatchObject({ key: "Quality", value: 0 });
  }
});

test("the newest values of a record stand in the next birth", async () => {
  await using w = await world(clock, { sources: [MOTOR] });
  await w.pass(1_000);
  w.field.sample(
    "motor",
    [
      [1, [...NAMEPLATE_VALUES]],
      [2, [...CURVE_VALUES]],
    ],
    now(),
  );
  await w.pass(500);
  await w.rebirth();
  await w.pass(500);
  expect(members(metricOf(w, "DBIRTH", "nameplate"))).toContainEqual(["maker", "Holdfast"]);
  expect(metricOf(w, "DBIRTH", "curve")?.value).toHaveProperty("rows.length", 3);
  expect(w.host.births).toHaveLength(2);
});

test("a member without a value is null in its place, and the whole record carries its quality", async () => {
  await using w = await world(clock, { sources: [MOTOR] });
  await w.pass(1_000);
  const plate = NAMEPLATE_VALUES.with(2, null as never);
  const curve = CURVE_VALUES.with(0, null as never).with(2, null as never);
  w.field.sample(
    "motor",
    [
      [1, plate, qualityCode("not-a-number")],
      [2, curve, qualityCode("not-text")],
    ],
    now(),
  );
  await w.pass(500);
  const [one, other] = w.host.values;
  expect(membersOf(one?.value)[2]).toMatchObject({ name: "power", value: null });
  expect(other?.value).toHaveProperty("rows.0", [Number.NaN, 1n, null, true]);
  expect([one?.quality, other?.quality]).toEqual([0, 0]);
});

test("a value of another form than the roster said is no value, and nothing stops", async () => {
  await using w = await world(clock, { sources: [MOTOR] });
  await w.pass(1_000);
  w.field.sample(
    "motor",
    [
      [1, [1, 2]],
      [2, 7],
      [1, NAMEPLATE_VALUES.with(0, 12)],
      [0, [3] as never],
      [0, 9],
    ],
    now(),
  );
  await w.pass(500);
  const [short, scalar, mistyped, list, last] = w.host.values;
  expect(membersOf(short?.value)[0]).toMatchObject({ name: "maker", value: null });
  expect(scalar?.value).toMatchObject({ rows: [] });
  expect(membersOf(mistyped?.value).slice(0, 2)).toMatchObject([{ value: null }, { value: 4_000_000_000n }]);
  expect([list?.value, last?.value]).toEqual([null, 9]);
  expect(w.field.connections()).toBe(1);
  expect(w.host.breaches).toEqual([]);
});

test("records wait, are acknowledged and become history like any other value", async () => {
  await using w = await world(clock, { sources: [MOTOR] });
  await w.pass(1_000);
  w.network.cut("broker.test", 8883);
  w.field.sample("motor", [[1, [...NAMEPLATE_VALUES]]], now());
  await w.pass(10_000);
  expect(w.host.values).toMatchObject([{ point: "nameplate", historical: true, sequence: 0 }]);
  expect(w.field.held()).toBe(0);
  expect(w.host.current.get("motor/nameplate")).toMatchObject({ kind: "template" });
});

test("a template is defined once for all its instances, each definition under an alias of its own", async () => {
  await using w = await world(clock, { sources: [MOTOR, SPARE, WIDE] });
  await w.pass(1_000);
  const definitions = w.host.heard[0]?.payload.metrics.filter(({ type }) => type === DataType.Template) ?? [];
  expect(definitions.map(({ name }) => name)).toEqual(["motor", "wide"]);
  const aliases = w.host.heard.flatMap(({ payload }) => payload.metrics.flatMap(({ alias }) => alias ?? []));
  expect(new Set(aliases).size).toBe(aliases.length);
  expect(w.host.breaches).toEqual([]);
});

test("another shape of a record is another thing: births again, and what waited for it is declared lost", async () => {
  await using w = await world(clock, { sources: [MOTOR] });
  await w.pass(1_000);
  w.network.cut("broker.test", 8883);
  w.field.sample(
    "motor",
    [
      [0, 5],
      [1, [...NAMEPLATE_VALUES]],
    ],
    now(),
  );
  const [speed, plate, curve] = MOTOR.points;
  const fewer = { ...plate, record: { template: "motor", members: plate?.record?.members.slice(1) ?? [] } };
  w.field.configure([{ name: "motor", points: [speed, fewer, curve] as typeof MOTOR.points }]);
  await w.pass(10_000);
  expect(membersOf(metricOf(w, "NBIRTH", "motor")?.value)).toHaveLength(9);
  expect(w.host.values.map(({ point, sequence }) => [point, sequence])).toEqual([["speed", 0]]);
  expect(w.host.marks.flatMap(({ gaps }) => gaps)).toEqual([
    { source: "motor", from: 1, to: 1, reason: "configuration-changed" },
  ]);
  expect(w.host.breaches).toEqual([]);
});

test("credit counts what a record holds, so that records cannot fill the memory that values were granted", async () => {
  await using w = await world(clock, { sources: [WIDE] });
  await w.pass(1_000);
  const before = w.field.credit();
  const width = WIDE.points[0]?.record?.members.length ?? 0;
  w.field.sample("wide", [[0, Array.from({ length: width }, (_, i) => i)]], now());
  await w.pass(500);
  expect(w.field.credit() - before).toBe(width);
});

test("the reference decoder reads births and data with records", async () => {
  await using w = await world(clock, { sources: [MOTOR, SPARE] });
  await w.pass(1_000);
  w.field.sample(
    "motor",
    [
      [1, [...NAMEPLATE_VALUES]],
      [2, [...CURVE_VALUES]],
      [1, null, 4],
      [2, null, 4],
    ],
    now(),
  );
  await w.pass(500);
  const types = new Map(
    w.host.heard
      .filter(({ verb }) => verb === "NBIRTH" || verb === "DBIRTH")
      .flatMap(({ payload }) => payload.metrics)
      .map(({ name = "", alias = -1, type: datatype = 0 }) => [alias, { name, datatype }]),
  );
  for (const { received } of w.host.heard) expect(() => decodeByOracle(received.payload, types)).not.toThrow();
  const verbs = w.host.heard.map(({ verb }) => verb);
  expect(verbs).toEqual(expect.arrayContaining(["NBIRTH", "DBIRTH", "DDATA"]));
});
