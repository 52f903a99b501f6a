import fc from "fast-check";
import { Check } from "typebox/value";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { ConfigReport } from "../../../agent/contract/report.ts";
import { checkFieldSnapshot } from "../../../agent/field/configuration/check.ts";
import { isUplinkPart } from "../../../agent/uplink/configuration/part.ts";
import { snapshotDigest } from "../../../agent/config/digest.ts";
import { CONFIG_CODES } from "../../../agent/config/codes.ts";
import { GatewayFile } from "../../../agent/config/schema.ts";
import { EXAMPLE_GATEWAY_YAML } from "../../../agent/config/example.ts";
import { RIGHT, compile, edited } from "./gateway-file.ts";

const FUZZ_MS_MAX = 60_000;

/** Whatever the text: a snapshot, or a report that fits the contract and points into the text. */
function answersProperly(text: string): void {
  const compiled = compile(text);
  if ("snapshot" in compiled) {
    const { field, uplink } = JSON.parse(JSON.stringify(compiled.snapshot)) as typeof compiled.snapshot;
    // The rooms' own doors take whatever the compiler lets through.
    expect(checkFieldSnapshot(field)).toBe(field);
    expect(isUplinkPart(uplink)).toBe(true);
    expect(snapshotDigest({ field, uplink })).toBe(compiled.snapshot.digest);
    return;
  }
  const { report } = compiled;
  expect(report.findings.length).toBeGreaterThan(0);
  expect(Check(ConfigReport, report)).toBe(true);
  const lines = text.replace(/^\ufeff/u, "").split("\n");
  for (const finding of report.findings) {
    expect(Object.hasOwn(CONFIG_CODES, finding.code)).toBe(true);
    // The library's own verdict on the schema never differs from ours.
    expect(finding.code).not.toBe("CONFIG_SCHEMA");
    expect(finding.line).toBeLessThanOrEqual(lines.length);
    if (finding.line > 0) expect(finding.column).toBeLessThanOrEqual((lines[finding.line - 1]?.length ?? 0) + 1);
  }
}

const token = fc.constantFrom(
  ..."- ? : , [ ] { } & * ! | > ' \" % @ ` # ~ << .inf .nan yes 010 1:30 &a *a --- ... %YAML".split(" "),
  "\n", "\n  ", "\n    ", "\t", " ", "\r\n", "\0", "\ud800", "\ufeff", "site: ", "buses:", "unit: ", "\u2028",
); // prettier-ignore
const soup = fc
  .array(fc.oneof(token, fc.string({ maxLength: 4, unit: "binary" })), { maxLength: 40 })
  .map((parts) => parts.join(""));

test("12 000 texts of YAML's own characters never throw", { timeout: FUZZ_MS_MAX }, () => {
  fc.assert(fc.property(soup, answersProperly), { numRuns: 12_000 });
});

const cut = fc.record({
  from: fc.nat(EXAMPLE_GATEWAY_YAML.length),
  length: fc.nat(12),
  instead: fc.oneof(fc.constant(""), token, fc.string({ maxLength: 6 })),
});
const mutated = fc.tuple(fc.constantFrom(RIGHT, EXAMPLE_GATEWAY_YAML), fc.array(cut, { minLength: 1, maxLength: 4 }));

test("5 000 damaged right files never throw", { timeout: FUZZ_MS_MAX }, () => {
  const property = fc.property(mutated, ([file, cuts]) => {
    const damaged = cuts.reduce<string>(
      (text, { from, length, instead }) => text.slice(0, from) + instead + text.slice(from + length),
      file,
    );
    answersProperly(damaged);
  });
  fc.assert(property, { numRuns: 5_000 });
});

const scalar = fc.oneof(
  fc.constantFrom(0, 1, -1, 16, 247, 65_535, 1e9, 0.5, true, false, null, "", "on", "5s", "bool", "coil", "string"),
  fc.constantFrom("holding-register", "single", "mask", "/dev/ttyUSB0", "mqtts://a", "STATE", "~/x", [], {}, [1], {
    a: 1,
  }),
  fc.double(),
  fc.string({ maxLength: 80, unit: "grapheme" }),
);
const place = fc.constantFrom(
  "site", "device", "interfaces", "uplink.broker", "uplink.broker.url", "uplink.broker.retryMsMin", "uplink.broker.packetBytesMax",
  "uplink.sparkplug", "buses.0.name", "buses.0.tcp", "buses.0.rtu", "buses.0.rtu.path", "buses.0.rtu.baudRate", "buses.0.rtu.stopBits",
  "buses.1.tcp.host", "buses.1.tcp.port", "buses.1.tcp.interface", "buses.1.broadcast", "buses.0.devices.1", "buses.0.devices.0.unit",
  "buses.0.devices.0.pollMs", "buses.0.devices.0.requests", "buses.0.devices.0.requestGapMs", "buses.0.devices.0.points.0.table",
  "buses.0.devices.0.points.0.type", "buses.0.devices.0.points.0.length", "buses.0.devices.0.points.0.bit",
  "buses.0.devices.0.points.0.scale", "buses.0.devices.0.points.0.unit", "buses.0.devices.0.points.0.low",
  "buses.0.devices.0.points.0.output", "buses.0.devices.0.points.0.address", "buses.0.devices.0.points.0.nothing",
); // prettier-ignore

test("5 000 right files with wrong values never throw", { timeout: FUZZ_MS_MAX }, () => {
  const edits = fc.array(fc.tuple(place, scalar), { minLength: 1, maxLength: 3 });
  const property = fc.property(edits, (chosen) => {
    // Deepest first, so that no place is gone before it is written to.
    const ordered = chosen.toSorted(([a], [b]) => b.split(".").length - a.split(".").length);
    answersProperly(edited(Object.fromEntries(ordered)));
  });
  fc.assert(property, { numRuns: 5_000 });
});

test("values at random are judged as the schema library judges them", { timeout: FUZZ_MS_MAX }, () => {
  const property = fc.property(place, scalar, (path, value) => {
    const text = edited({ [path]: value });
    const compiled = compile(text);
    if ("snapshot" in compiled) expect(Check(GatewayFile, parse(text))).toBe(true);
  });
  fc.assert(property, { numRuns: 2_000 });
});
