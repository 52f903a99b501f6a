import { expect, test } from "vitest";
import { EXTENDS_DEPTH_MAX, USE_DEPTH_MAX } from "../../../../agent/config/expand/limits.ts";
import { findingsOfFolder, snapshotOfFolder, station } from "./folder.ts";
import { FOLDER, UNIT } from "./station.ts";

/** Some 2 s on an idle machine. */
const BOMB_MS_MAX = 30_000;

test("a table of 5 000 rows with one bad cell is one finding with row, column, offered and wanted", () => {
  const rows = Array.from(
    { length: 5_000 },
    (_, row) => `p${row};holding-register;${row};${row === 4_709 ? "0,1" : "0.1"}`,
  );
  const csv = `name;table;address;scale\n${rows.join("\n")}\n`;
  const devices =
    "      - name: meter\n        unit: 1\n        pollMs: 3600000\n        timeoutMs: 100\n        points: { csv: meter.csv }\n";
  const text = station(devices)
    .replace("rtu: { path: /dev/ttyS1 }", "tcp: { host: 192.0.2.1 }")
    .replace("key: pki/gateway.key\n", "key: pki/gateway.key\n    packetBytesMax: 1000000\n");
  const started = performance.now();
  const findings = findingsOfFolder({ "gateway.yaml": text, "meter.csv": csv });
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({ code: "CONFIG_TYPE", file: "meter.csv", line: 4_711, column: 29 });
  expect(findings[0]?.message).toMatch(
    /the text "0,1" stands where a number is wanted \(row 4711, column 4 "scale", used at gateway\.yaml:18:24\)/u,
  );
  expect(findings[0]?.hint).toMatch(/write 0\.1, with a decimal point/u);
  expect(findingsOfFolder({ "gateway.yaml": text, "meter.csv": csv.replace("0,1", "0.1") })).toEqual([]);
});

test("templates that use each other are refused with the circle", () => {
  const text = `templates:\n  a: { body: [ { use: b } ] }\n  b: { body: [ { use: a } ] }\n${station("      - use: a\n")}`;
  const [finding] = findingsOfFolder({ "gateway.yaml": text });
  expect(finding).toMatchObject({
    code: "CONFIG_USE_CYCLE",
    line: 3,
    message: expect.stringMatching(/"a" uses "b" uses "a"/u),
  });
});

test("templates, files and values have limits with names", { timeout: 2 * BOMB_MS_MAX }, () => {
  const deep = Array.from({ length: USE_DEPTH_MAX + 2 }, (_, n) => `  t${n}: { body: [ { use: t${n + 1} } ] }\n`).join(
    "",
  );
  const last = `  t${USE_DEPTH_MAX + 2}: { body: [ { name: x } ] }\n`;
  expect(
    findingsOfFolder({ "gateway.yaml": `templates:\n${deep}${last}${station("      - use: t0\n")}` })[0]?.code,
  ).toBe("CONFIG_USE_CYCLE");

  const chain: Record<string, string> = { "gateway.yaml": "extends: f0.yaml" };
  for (let n = 0; n <= EXTENDS_DEPTH_MAX; n++) chain[`f${n}.yaml`] = `extends: f${n + 1}.yaml`;
  expect(findingsOfFolder(chain)[0]?.code).toBe("CONFIG_PART_CYCLE");

  // 30 in each of 5: 24 million
  const wide = Array.from(
    { length: 5 },
    (_, n) => `  t${n}: { body: [ ${`{ use: t${n + 1} }, `.repeat(30)} ] }\n`,
  ).join("");
  const started = performance.now();
  const bomb = findingsOfFolder({
    "gateway.yaml": `templates:\n${wide}  t5: { body: [ { name: x } ] }\n${station("      - use: t0\n")}`,
  });
  expect(bomb[0]).toMatchObject({ code: "CONFIG_SIZE", message: expect.stringMatching(/more than 600000 values/u) });
  expect(performance.now() - started).toBeLessThan(BOMB_MS_MAX);

  const long = "x".repeat(1_000);
  const texts = `variables: { long: ${long} }\nsite: ${"${long}".repeat(9_000)}\n`;
  expect(findingsOfFolder({ "gateway.yaml": texts })[0]).toMatchObject({ code: "CONFIG_SIZE" });

  const many = Array.from(
    { length: 70 },
    (_, n) => `      - { name: d${n}, unit: ${n}, points: { csv: m${n}.csv } }\n`,
  ).join("");
  const maps = Object.fromEntries(
    Array.from({ length: 70 }, (_, n) => [`m${n}.csv`, "name,table,address\na,coil,0\n"]),
  );
  expect(findingsOfFolder({ ...maps, "gateway.yaml": station(many) })[0]).toMatchObject({
    code: "CONFIG_SIZE",
    message: expect.stringMatching(/more than 64 files/u),
  });
});

test("thousands of unknown names are said in seconds: what was meant is looked for a few times only", () => {
  const names = (first: string): string =>
    Array.from({ length: 3_000 }, (_, n) => `  ${first}bcdefgh${n}: 1\n`).join("");
  const started = performance.now();
  const extending = findingsOfFolder({
    "gateway.yaml": `extends: b.yaml\nvariables:\n${names("x")}`,
    "b.yaml": `variables:\n${names("a")}site: a\n`,
  });
  expect(extending[0]).toMatchObject({ code: "CONFIG_VARIABLE_UNKNOWN", hint: expect.stringMatching(/did you mean/u) });
  expect(extending.at(-2)?.hint).toMatch(/^they declare `abcdefgh0`, .* and 2980 more$/u);
  const references = Array.from({ length: 3_000 }, (_, n) => `\${xbcdefgh${n}}`).join("");
  expect(findingsOfFolder({ "gateway.yaml": `variables:\n${names("a")}site: "${references}"\n` })).toHaveLength(100);
  expect(performance.now() - started).toBeLessThan(10_000);
}, 30_000);

test("a long text, and one with many references that come to nothing, are not written out without end", () => {
  const uses = "  - use: t\n".repeat(20_000);
  const empty = `variables: { p: "" }\ntemplates:\n  t: { body: { a: "${"${p}".repeat(15_000)}" } }\nsite:\n${uses}`;
  const started = performance.now();
  expect(findingsOfFolder({ "gateway.yaml": empty })[0]?.code).toBe("CONFIG_SIZE");
  expect(findingsOfFolder({ "gateway.yaml": `site: &a ${"x".repeat(70_000)}\ndevice: *a\n` })[0]).toMatchObject({
    code: "CONFIG_SIZE",
    line: 1,
    column: 10,
  });
  expect(performance.now() - started).toBeLessThan(10_000);
}, 30_000);

test("a fleet of 800 small files compiles, each to its own names", () => {
  const started = performance.now();
  const digests = new Set<string>();
  for (let n = 0; n < 800; n++) {
    const unit = UNIT.replace("gw-017", `gw-${n}`);
    digests.add(snapshotOfFolder({ ...FOLDER, "gateway.yaml": unit }).digest);
  }
  expect(digests.size).toBe(800);
  expect(performance.now() - started).toBeLessThan(40_000);
}, 60_000);
