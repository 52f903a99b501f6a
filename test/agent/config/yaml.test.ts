import { expect, test } from "vitest";
import { FILE_CHARS_MAX } from "../../../agent/config/document.ts";
import { RIGHT, findingsOf, onlyFinding, refusals, snapshotOf } from "./gateway-file.ts";

test.each([
  ["", "CONFIG_YAML_EMPTY"],
  ["# only a comment\n", "CONFIG_YAML_EMPTY"],
  ["~", "CONFIG_YAML_EMPTY"],
  ["just text", "CONFIG_TYPE"],
  ["- site: riverside", "CONFIG_TYPE"],
  ["site: 'riverside", "CONFIG_YAML_SYNTAX"],
  ["site: @riverside", "CONFIG_YAML_SYNTAX"],
  ["site: a: b", "CONFIG_YAML_SYNTAX"],
  ["buses: [1, 2", "CONFIG_YAML_SYNTAX"],
  ["s\0i\0t\0e\0", "CONFIG_YAML_ENCODING"],
  ["site: caf\ufffd", "CONFIG_YAML_ENCODING"],
  ["site: *nowhere", "CONFIG_YAML_ALIAS"],
  ["site: !secret x", "CONFIG_YAML_TAG"],
  ["site: !!binary AAAA", "CONFIG_YAML_TAG"],
])("%j is answered with %s first", (text, code) => {
  expect(findingsOf(text)[0]?.code).toBe(code);
});

test("thousands of nested brackets are one finding and no crash", () => {
  for (const text of ["[".repeat(20_000), "{a: ".repeat(20_000), "- ".repeat(20_000)])
    expect(onlyFinding(text)).toMatchObject({
      code: "CONFIG_YAML_SYNTAX",
      message: expect.stringMatching(/nested too deeply/u),
    });
});

test("a file beyond the limit is not parsed", () => {
  expect(onlyFinding("#".repeat(FILE_CHARS_MAX + 1))).toMatchObject({ code: "CONFIG_SIZE", line: 0 });
});

test("aliases that multiply are stopped at a named limit", () => {
  const points = Array.from({ length: 4_000 }, (_, p) => `      - {name: p${p}, table: coil, address: ${p}}`);
  const devices = Array.from({ length: 200 }, (_, d) => `    - {name: d${d}, unit: ${d + 1}, points: *points}`);
  const text = `site: a\nbuses:\n  - name: b\n    devices:\n    - name: first\n      unit: 0\n      points: &points\n${points.join("\n")}\n${devices.join("\n")}\n`;
  expect(refusals(text)).toContain("CONFIG_SIZE");
});

test("a repeated value is checked once more in each place, and its mistakes are said once", () => {
  const shared = RIGHT.replace("        points:\n", "        points: &points\n").replace(
    /unit: 2\n {8}points:\n(?: {10}.*\n){3}/u,
    "unit: 2\n        points: *points\n",
  );
  expect(snapshotOf(shared).digest).toBe(snapshotOf(RIGHT).digest);
  expect(refusals(shared.replace("address: 0", "address: -1"))).toEqual([
    "CONFIG_RANGE buses[0].devices[0].points[0].address",
  ]);
});

test("merge keys are explained rather than obeyed", () => {
  const text = RIGHT.replace("        unit: 2\n", "        <<: {unit: 2}\n");
  const merge = findingsOf(text).find((finding) => finding.code === "CONFIG_KEY_UNKNOWN");
  expect(merge).toMatchObject({ line: 21, column: 9, hint: expect.stringMatching(/merge keys are not YAML 1\.2/u) });
});

test.each(["0x10", "0o20", "16", "1.6e1", "16.0", "+16"])("%s is sixteen", (spelled) => {
  const text = RIGHT.replace("address: 100", `address: ${spelled}`);
  expect(snapshotOf(text).field.buses[1]?.devices[0]?.points[0]?.address).toBe(16);
});

test.each(["no", "off", "y", "1:30", "0b11", "1_000", "null-1"])("%s as a name is just a name", (name) => {
  const findings = findingsOf(RIGHT.replace("site: riverside", `site: ${name}`));
  expect(findings).toEqual(name === "1:30" ? [expect.objectContaining({ code: "CONFIG_TOPIC_NAME" })] : []);
});

test("tabs are named on every line that they indent", () => {
  const text = RIGHT.replace("        unit: 1\n", "\tunit: 1\n").replace("        unit: 2\n", "\tunit: 2\n");
  expect(findingsOf(text).map(({ code, line }) => [code, line])).toEqual([
    ["CONFIG_YAML_SYNTAX", 15],
    ["CONFIG_YAML_SYNTAX", 21],
  ]);
});

test("a key that only an object's prototype has is unknown", () => {
  for (const key of ["__proto__", "constructor", "toString"]) {
    expect(onlyFinding(`${RIGHT}${key}: 1\n`)).toMatchObject({ code: "CONFIG_KEY_UNKNOWN", column: 1 });
  }
});

test("a key that is no text is refused where it stands", () => {
  expect(onlyFinding(`${RIGHT}? [a]\n: 1\n`)).toMatchObject({ code: "CONFIG_KEY_UNKNOWN", line: 37, column: 3 });
  expect(onlyFinding(`${RIGHT}7: 1\n`)).toMatchObject({ code: "CONFIG_KEY_UNKNOWN", line: 37, column: 1 });
});
