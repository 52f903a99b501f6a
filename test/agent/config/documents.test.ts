import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Check } from "typebox/value";
import type { TSchema } from "typebox";
import { parse } from "yaml";
import { CONFIG_CODES } from "../../../agent/config/codes.ts";
import { EXAMPLE_GATEWAY_YAML } from "../../../agent/config/example.ts";
import { gatewayJsonSchema } from "../../../agent/config/json-schema.ts";
import { configReference } from "../../../agent/config/reference.ts";
import { GatewayFile, defaultOf } from "../../../agent/config/schema.ts";
import { shapeOf } from "../../../agent/config/schema/shape.ts";
import type { Shape } from "../../../agent/config/schema/shape.ts";
import { STATION, UNIT } from "./expand/station.ts";
import { RIGHT, edited, snapshotOf } from "./gateway-file.ts";

const document = (name: string): string =>
  readFileSync(new URL(`../../../docs/operate/${name}`, import.meta.url), "utf8");

test("the reference in the docs is what `holdfast config reference` prints", () => {
  expect(document("configuration.md")).toBe(configReference());
});

test("the example in the docs is what `holdfast config example` prints, and compiles", () => {
  expect(document("example-gateway.yaml")).toBe(EXAMPLE_GATEWAY_YAML);
  expect(snapshotOf(EXAMPLE_GATEWAY_YAML).field.buses).toHaveLength(2);
});

test("what the example only suggests is right, too, once the # is gone", () => {
  const options = /^( *)# ( *(?:- )?[A-Za-z]+:(?: .*)?)$/gmu;
  const text = EXAMPLE_GATEWAY_YAML.replace(options, "$1$2");
  const { uplink } = snapshotOf(text);
  expect(uplink).toMatchObject({
    brokers: [{ proxy: { port: 3_128 }, username: "gateway-1" }, { transport: "websocket" }],
    interfaceNames: ["eth0", "wwan0"],
    budget: { day: { live: 2_000_000 } },
    sparkplug: { primaryHost: "scada-1" },
  });
});

test("the reference names every key and every code", () => {
  const reference = configReference();
  for (const code of Object.keys(CONFIG_CODES)) expect(reference).toContain(`\`${code}\``);
  for (const key of keysOf(shapeOf(GatewayFile))) expect(reference).toContain(`| \`${key}\``);
});

test("every key of the schema says what it means", () => {
  const silent = (shape: Shape, path: string): readonly string[] => [
    ...(shape.description === undefined && path !== "" ? [path] : []),
    ...(shape.items === undefined ? [] : silent(shape.items, `${path}[]`)),
    ...Object.entries(shape.properties ?? {}).flatMap(([key, child]) => silent(child, `${path}.${key}`)),
  ];
  expect(silent(shapeOf(GatewayFile), "")).toEqual([]);
});

test("editors get JSON Schema 2020-12 that accepts and refuses what the compiler does", () => {
  const schema = JSON.parse(JSON.stringify(gatewayJsonSchema())) as TSchema & { $schema: string };
  expect(schema.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
  const accepts = (text: string): boolean => Check(schema, parse(text));
  expect(accepts(RIGHT)).toBe(true);
  expect(accepts(EXAMPLE_GATEWAY_YAML)).toBe(true);
  expect(accepts(edited({ "buses.0.extra": 1 }))).toBe(false);
  expect(accepts(edited({ "buses.0.devices.0.unit": 256 }))).toBe(false);
  expect(accepts(edited({ "buses.0.rtu.parity": "N" }))).toBe(false);
  expect(accepts(edited({ "buses.0.tcp": { host: "a" } }))).toBe(false);
  expect(accepts(edited({ "buses.0.rtu": undefined }))).toBe(false);
  // files that are to be written out
  for (const text of [STATION, UNIT, "extends: a.yaml"]) expect(accepts(text)).toBe(true);
  expect(accepts(STATION.replace("use: pump", "uses: pump"))).toBe(false);
  expect(accepts(STATION.replace("{ csv: maps/well.csv }", "{ csw: maps/well.csv }"))).toBe(false);
  expect(accepts(edited({ "buses.0.devices.0.unit": "one" }))).toBe(false);
  expect(accepts(edited({ "buses.0.devices.0.unit": "${unit}" }))).toBe(true);
});

test("asking for a default where the schema states none is a bug and says so", () => {
  expect(() => defaultOf(GatewayFile.properties.site)).toThrow(TypeError);
});

function keysOf(shape: Shape): readonly string[] {
  const inner = shape.items ?? shape;
  return Object.entries(inner.properties ?? {}).flatMap(([key, child]) => [key, ...keysOf(child)]);
}
