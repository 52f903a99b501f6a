import { expect, test } from "vitest";
import type { Capture, Content } from "./capture.ts";
import { everyMetric, metric, sentNow, seqFollows } from "./judge.ts";
import { played } from "./situation.ts";

const play = played();
const NAMED = ["NBIRTH", "DBIRTH"] as const;
const DATA = ["NDATA", "DDATA"] as const;
const NUMBERED = [...NAMED, ...DATA, "DDEATH"] as const;
/** Datatypes that a metric or a property of a scalar may have. */
const SCALAR_TYPES = new Set(Array.from({ length: 18 }, (_, i) => i + 1));
const UINT32_MAX = 0xffff_ffff;
const REBIRTH = "Node Control/Rebirth";
/** The virtual world begins in this century. */
const CENTURY_MS = Date.UTC(2_000, 0);

const qualities = (messages: readonly Content[]) =>
  messages.flatMap(({ metrics }) =>
    metrics.flatMap(({ keys, properties }) => (keys.includes("Quality") ? [properties[keys.indexOf("Quality")]] : [])),
  );
const withProperties = (capture: Capture) =>
  capture.of("DBIRTH", "DDATA").flatMap(({ metrics }) => metrics.filter(({ keys }) => keys.length > 0));

test("tck-id-payloads-timestamp-in-UTC: the payload's time is milliseconds since 1970 in UTC", () => {
  const messages = play.life().of(...NUMBERED);
  sentNow(messages);
  for (const { timestamp } of messages) expect(timestamp).toBeGreaterThan(CENTURY_MS);
});

test("tck-id-payloads-sequence-num-always-included: every message has seq but the NDEATH", () => {
  for (const { topic, verb, seq } of play.life().messages) expect(seq === undefined, topic).toBe(verb === "NDEATH");
});

test("tck-id-payloads-sequence-num-req-nbirth: the NBIRTH has seq, 0 to 255", () => {
  for (const { seq } of play.life().of("NBIRTH")) expect((seq ?? -1) >= 0 && (seq ?? 256) <= 255).toBe(true);
});

test("tck-id-payloads-sequence-num-incrementing: seq is one more in every message of node and devices, 0 after 255", () => {
  const capture = play.life();
  const messages = capture.of(...NUMBERED).filter(({ verb }) => verb !== "NBIRTH");
  seqFollows(capture, messages);
  expect(messages.filter(({ seq }) => seq === 255)).toHaveLength(1);
});

test("tck-id-payloads-name-requirement: a metric without a name has an alias", () => {
  everyMetric(play.life().messages, ({ name, alias }) => expect(name ?? alias).toBeDefined());
});

test("tck-id-payloads-alias-uniqueness: an alias means one metric of one owner, in all births of a connection", () => {
  const capture = play.life();
  for (const { connection } of capture.connects()) {
    const owners = new Map<number, string>();
    for (const birth of capture.of(...NAMED).filter((message) => message.connection === connection)) {
      for (const { name, alias } of birth.metrics) {
        if (alias === undefined) continue;
        const owner = `${birth.device ?? ""}/${name}`;
        expect(owners.get(alias) ?? owner).toBe(owner);
        owners.set(alias, owner);
      }
    }
    expect(owners.size).toBe(6 + 5 + 3);
  }
});

test("tck-id-payloads-alias-birth-requirement: births give a name and an alias, Node Control/Rebirth its name alone", () => {
  everyMetric(play.life().of(...NAMED), ({ name, alias }) => {
    expect(name).toBeTypeOf("string");
    expect(alias === undefined, name).toBe(name === REBIRTH);
  });
});

test("tck-id-payloads-alias-data-cmd-requirement: data has aliases and no names", () => {
  everyMetric(play.life().of(...DATA), ({ name, alias }) => {
    expect(name).toBeUndefined();
    expect(alias).toBeTypeOf("number");
  });
});

test("tck-id-payloads-name-birth-data-requirement: every metric of births and data has a time", () => {
  everyMetric(play.life().of(...NAMED, ...DATA), ({ timestamp }) => expect(timestamp).toBeTypeOf("number"));
});

test("tck-id-payloads-metric-timestamp-in-UTC: a sample's time is that of its sampling, in UTC", () => {
  const capture = play.life();
  const live = capture.dataBetween("something changes", "pump goes away");
  expect(live.length).toBeGreaterThan(0);
  for (const { metrics, wallMs } of live) {
    // rounds are 250 ms apart, and what was sampled since the last is in the next
    for (const { timestamp = 0 } of metrics) expect(wallMs - timestamp >= 0 && wallMs - timestamp <= 300).toBe(true);
  }
  everyMetric(capture.of(...NAMED, ...DATA), ({ timestamp }) => expect(timestamp).toBeGreaterThan(CENTURY_MS));
});

test("tck-id-payloads-metric-datatype-value-type: the datatype is an unsigned 32-bit integer", () => {
  everyMetric(play.life().of(...NAMED), ({ datatype = -1 }) => {
    expect(Number.isInteger(datatype) && datatype >= 0 && datatype <= UINT32_MAX).toBe(true);
  });
});

test("tck-id-payloads-metric-datatype-value: the datatype is one of the specification's, and the value in its field", () => {
  const fields: Record<number, string> = {
    2: "intValue",
    4: "longValue",
    8: "longValue",
    10: "doubleValue",
    11: "booleanValue",
    12: "stringValue",
  };
  everyMetric(play.life().of(...NAMED), ({ name, datatype = 0, carried }) => {
    expect(SCALAR_TYPES.has(datatype), name).toBe(true);
    if (carried !== undefined) expect(carried.field, name).toBe(fields[datatype]);
  });
});

test("tck-id-payloads-metric-datatype-req: every metric of a birth has its datatype", () => {
  everyMetric(play.life().of(...NAMED), ({ name, datatype }) => expect(datatype, name).toBeTypeOf("number"));
});

test("tck-id-payloads-metric-datatype-not-req: no metric of data repeats it", () => {
  everyMetric(play.life().of(...DATA), ({ datatype }) => expect(datatype).toBeUndefined());
});

test("tck-id-payloads-propertyset-keys-array-size: as many keys as values", () => {
  const metrics = withProperties(play.life());
  expect(metrics.length).toBeGreaterThan(0);
  for (const { keys, properties } of metrics) expect(keys).toHaveLength(properties.length);
});

test("tck-id-payloads-propertyset-values-array-size: as many values as keys, each with a value or is_null", () => {
  const metrics = withProperties(play.life());
  expect(metrics.length).toBeGreaterThan(0);
  for (const { keys, properties } of metrics) {
    expect(properties).toHaveLength(keys.length);
    for (const { carried, isNull } of properties) expect(carried === undefined).toBe(isNull);
  }
});

test("tck-id-payloads-metric-propertyvalue-type-type: a property's type is an unsigned 32-bit integer", () => {
  const types = withProperties(play.life()).flatMap(({ properties }) => properties.map(({ type }) => type ?? -1));
  expect(types.length).toBeGreaterThan(0);
  for (const type of types) expect(Number.isInteger(type) && type >= 0 && type <= UINT32_MAX).toBe(true);
});

test("tck-id-payloads-metric-propertyvalue-type-value: a property's type is one of the specification's", () => {
  const types = withProperties(play.life()).flatMap(({ properties }) => properties.map(({ type = 0 }) => type));
  expect(new Set(types)).toEqual(new Set([3, 12, 10])); // Int32, String, Double: quality, its words and units, ranges
});

test("tck-id-payloads-metric-propertyvalue-type-req: every property of a birth has its type", () => {
  const birth = play.life().of("DBIRTH")[0] as Content;
  expect(metric(birth, "speed").keys).toEqual([
    "Quality",
    "Holdfast/Quality",
    "Holdfast/Reason",
    "engUnit",
    "engLow",
    "engHigh",
  ]);
  for (const { metrics } of play.life().of("DBIRTH")) {
    for (const { properties } of metrics) for (const { type } of properties) expect(type).toBeTypeOf("number");
  }
});

test("tck-id-payloads-propertyset-quality-value-type: Quality is an Int32", () => {
  const said = qualities(play.life().of("DBIRTH", "DDATA"));
  expect(said.length).toBeGreaterThan(0);
  for (const quality of said) expect(quality?.type).toBe(3);
});

test("tck-id-payloads-propertyset-quality-value-value: Quality is 0, 192 or 500, and each where it belongs", () => {
  const capture = play.life();
  const said = qualities(capture.of("DBIRTH", "DDATA"));
  for (const quality of said) expect(quality?.carried?.field).toBe("intValue");
  expect(new Set(said.map((quality) => quality?.carried?.value))).toEqual(new Set([0, 192, 500]));
  const [first] = capture.of("DBIRTH");
  const worth = (name: string) =>
    qualities([{ ...(first as Content), metrics: [metric(first as Content, name)] }])[0]?.carried?.value;
  expect([worth("speed"), worth("flow"), worth("running")]).toEqual([192, 500, 0]);
});
