import { afterAll, beforeAll, expect, test } from "vitest";
import protobuf from "sparkplug-payload/lib/sparkplugPayloadProto.js";
import { virtualClock } from "../../../../simulator/clock.ts";
import { CURVE_VALUES, MOTOR, NAMEPLATE_VALUES, SPARE, WIDE } from "../record-sources.ts";
import { METER, virtualTime, world } from "../world.ts";

const Payload = protobuf.org.eclipse.tahu.protobuf.Payload;
type Decoded = ReturnType<typeof Payload.decode>;
type DecodedMetric = Decoded["metrics"][number];
type Template = NonNullable<DecodedMetric["templateValue"]>;
type DataSet = NonNullable<DecodedMetric["datasetValue"]>;

/** Read by code that protobufjs generated from the specification's own schema: nothing of ours decodes here. */
interface Message {
  readonly verb: string;
  readonly metrics: readonly DecodedMetric[];
}

const BASIC_TYPES = Array.from({ length: 14 }, (_, i) => i + 1);
const clock = virtualClock();
let globals: Disposable;
let messages: readonly Message[] = [];

/** Births, data of both kinds of record, a record without values, a rebirth, another configuration. */
beforeAll(async () => {
  globals = await virtualTime(clock);
  await using w = await world(clock, { sources: [MOTOR, SPARE, WIDE, METER] });
  w.field.online("spare", false, clock.wall().unixMs);
  await w.pass(1_000);
  w.field.sample(
    "motor",
    [
      [0, 5],
      [1, [...NAMEPLATE_VALUES]],
      [2, [...CURVE_VALUES]],
    ],
    clock.wall().unixMs,
  );
  await w.pass(500);
  w.field.sample(
    "motor",
    [
      [1, null, 4],
      [2, null, 4],
    ],
    clock.wall().unixMs,
  );
  await w.pass(500);
  w.field.online("spare", true, clock.wall().unixMs);
  w.field.sample("spare", [[0, [...NAMEPLATE_VALUES]]], clock.wall().unixMs);
  await w.pass(500);
  await w.rebirth();
  await w.pass(500);
  w.field.configure([MOTOR, WIDE, METER]);
  await w.pass(1_000);
  messages = w.host.heard.map(({ verb, received }) => ({ verb, metrics: Payload.decode(received.payload).metrics }));
});
afterAll(() => globals[Symbol.dispose]());

const has = (of: object, field: string): boolean => Object.hasOwn(of, field);
const notEmpty = <T>(found: readonly T[]): readonly T[] => {
  expect(found.length).toBeGreaterThan(0);
  return found;
};
const metricsOf = (...verbs: readonly string[]): readonly DecodedMetric[] =>
  notEmpty(messages.filter(({ verb }) => verbs.length === 0 || verbs.includes(verb)).flatMap(({ metrics }) => metrics));
const dataSets = (...verbs: readonly string[]): readonly DataSet[] =>
  notEmpty(
    metricsOf(...verbs).flatMap((metric) => (has(metric, "datasetValue") ? [metric.datasetValue as DataSet] : [])),
  );
const templates = (...verbs: readonly string[]): readonly Template[] =>
  notEmpty(
    metricsOf(...verbs).flatMap((metric) => (has(metric, "templateValue") ? [metric.templateValue as Template] : [])),
  );
const definitions = (): readonly DecodedMetric[] =>
  notEmpty(metricsOf("NBIRTH").filter((metric) => has(metric, "templateValue")));
const instances = (...verbs: readonly string[]): readonly Template[] =>
  templates(...(verbs.length === 0 ? ["DBIRTH", "DDATA"] : verbs));
const memberNames = (of: Template): readonly unknown[] => notEmpty(of.metrics ?? []).map(({ name }) => name);
const definitionOf = (instance: Template): Template =>
  definitions().find(({ name }) => name === instance.templateRef)?.templateValue as Template;

test("tck-id-payloads-dataset-column-size: the number of columns is there, and is theirs", () => {
  for (const set of dataSets()) {
    expect(has(set, "numOfColumns")).toBe(true);
    expect(Number(set.numOfColumns)).toBe(set.columns?.length);
    for (const row of set.rows ?? []) expect(row.elements?.length).toBe(Number(set.numOfColumns));
  }
});

test("tck-id-payloads-dataset-column-num-headers: there are as many headers as types", () => {
  for (const set of dataSets()) expect(notEmpty(set.columns ?? [])).toHaveLength(set.types?.length ?? -1);
});

test("tck-id-payloads-dataset-types-def: types are a list of numbers of data types", () => {
  for (const set of dataSets()) for (const type of notEmpty(set.types ?? [])) expect(Number.isInteger(type)).toBe(true);
});

test("tck-id-payloads-dataset-types-num: there are as many types as headers", () => {
  expect(dataSets().map(({ types }) => types?.length)).toEqual(dataSets().map(() => 4));
});

test("tck-id-payloads-dataset-types-type: each type is an unsigned integer of 32 bits", () => {
  for (const set of dataSets()) for (const type of set.types ?? []) expect(type >>> 0).toBe(type);
});

test("tck-id-payloads-dataset-types-value: each type is one of the basic ones", () => {
  for (const set of dataSets()) for (const type of set.types ?? []) expect(BASIC_TYPES).toContain(type);
});

test("tck-id-payloads-dataset-parameter-type-req: every data set says its types, in data as in births", () => {
  for (const verb of ["DBIRTH", "DDATA"]) for (const set of dataSets(verb)) notEmpty(set.types ?? []);
});

test("tck-id-payloads-template-dataset-value: elements are of the kinds that data sets know", () => {
  const kinds = ["intValue", "longValue", "floatValue", "doubleValue", "booleanValue", "stringValue"];
  const rows = notEmpty(dataSets("DDATA").flatMap((set) => set.rows ?? []));
  for (const row of rows) {
    for (const element of row.elements ?? []) {
      expect(Object.keys(element)).toHaveLength(1);
      expect(kinds).toContain(Object.keys(element)[0]);
    }
  }
});

test("tck-id-topics-nbirth-templates: every template of the node's devices stands in each NBIRTH", () => {
  const births = notEmpty(messages.filter(({ verb }) => verb === "NBIRTH"));
  expect(births.length).toBeGreaterThan(2);
  for (const { metrics } of births) {
    expect(metrics.filter((metric) => has(metric, "templateValue")).map(({ name }) => name)).toEqual(["motor", "wide"]);
  }
});

test("tck-id-payloads-template-definition-nbirth-only: no other message has a definition", () => {
  for (const template of templates("DBIRTH", "DDATA")) expect(template.isDefinition).toBe(false);
});

test("tck-id-payloads-template-definition-is-definition: a definition says that it is one", () => {
  for (const { templateValue } of definitions()) expect(templateValue?.isDefinition).toBe(true);
});

test("tck-id-payloads-template-definition-ref: a definition refers to nothing", () => {
  for (const { templateValue } of definitions()) expect(has(templateValue as Template, "templateRef")).toBe(false);
});

test("tck-id-payloads-template-definition-members: a definition has every member that an instance ever has", () => {
  for (const instance of instances()) {
    expect(memberNames(definitionOf(instance))).toEqual(expect.arrayContaining([...memberNames(instance)]));
  }
});

test("tck-id-payloads-template-definition-nbirth: the definition of every instance came before it, in the NBIRTH", () => {
  let known: readonly unknown[] = [];
  for (const { verb, metrics } of messages) {
    const found = metrics.filter((metric) => has(metric, "templateValue"));
    if (verb === "NBIRTH") known = found.map(({ name }) => name);
    else for (const { templateValue } of found) expect(known).toContain(templateValue?.templateRef);
  }
  instances();
});

test("tck-id-payloads-template-instance-is-definition: an instance says that it is none", () => {
  for (const instance of instances()) {
    expect(has(instance, "isDefinition")).toBe(true);
    expect(instance.isDefinition).toBe(false);
  }
});

test("tck-id-payloads-template-instance-ref: an instance refers to the definition of its type", () => {
  for (const instance of instances()) expect(definitionOf(instance)).toBeDefined();
});

test("tck-id-payloads-template-instance-members: an instance has no member that its definition lacks", () => {
  for (const instance of instances()) {
    const known = new Set(memberNames(definitionOf(instance)));
    expect(memberNames(instance).filter((name) => !known.has(name))).toEqual([]);
  }
});

test("tck-id-payloads-template-instance-members-birth: an instance in a birth has all of them, values or not", () => {
  for (const instance of instances("DBIRTH"))
    expect(memberNames(instance)).toEqual(memberNames(definitionOf(instance)));
});

test("tck-id-payloads-template-ref-definition: no definition has a reference", () => {
  expect(definitions().map(({ templateValue }) => has(templateValue as Template, "templateRef"))).not.toContain(true);
});

test("tck-id-payloads-template-ref-instance: the reference of an instance is the name of a definition's metric", () => {
  const names = new Set(definitions().map(({ name }) => name));
  for (const { templateRef } of instances()) expect(names.has(templateRef)).toBe(true);
});

test("tck-id-payloads-template-is-definition: every template says whether it is a definition", () => {
  for (const template of templates()) expect(has(template, "isDefinition")).toBe(true);
});

test("tck-id-payloads-template-is-definition-definition: what stands in an NBIRTH is a definition", () => {
  expect(templates("NBIRTH").map(({ isDefinition }) => isDefinition)).not.toContain(false);
});

test("tck-id-payloads-template-is-definition-instance: what stands in a device's message is none", () => {
  expect(templates("DBIRTH", "DDATA").map(({ isDefinition }) => isDefinition)).not.toContain(true);
});
