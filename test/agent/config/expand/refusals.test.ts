import { expect, test } from "vitest";
import { Check } from "typebox/value";
import { compileConfig } from "../../../../agent/config/index.ts";
import { ConfigReport } from "../../../../agent/contract/report.ts";
import { compileFolder, findingsOfFolder, placesOfFolder, station } from "./folder.ts";
import type { Folder } from "./folder.ts";
import { FOLDER, STATION, UNIT, WELL_CSV } from "./station.ts";

const changed = (file: string, from: string, to: string): Folder => {
  const text = FOLDER[file] ?? "";
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  return { ...FOLDER, [file]: text.replace(from, () => to) };
};

test.each([
  [
    "an unknown variable",
    changed("station.yaml", "${device}", "${devise}"),
    "station.yaml:24:9 CONFIG_VARIABLE_UNKNOWN",
    /did you mean `\$\{device\}`/u,
  ],
  [
    "an unknown variable in a template",
    changed("station.yaml", "rpm ${name}", "rpm ${nam}"),
    "station.yaml:18:67 CONFIG_VARIABLE_UNKNOWN",
    /did you mean `\$\{name\}`/u,
  ],
  [
    "a value of a variable nobody declares",
    changed("gateway.yaml", "  site:", "  sit:"),
    "gateway.yaml:3:3 CONFIG_VARIABLE_UNKNOWN",
    /did you mean `site`/u,
  ],
  [
    "a missing value",
    changed("gateway.yaml", "  site: riverside\n", ""),
    "gateway.yaml:2:1 CONFIG_VARIABLE_MISSING",
    /add `site: …` under `variables:` \(where the station stands; text\)/u,
  ],
  [
    "a value of another type",
    changed("gateway.yaml", "site: riverside", "site: 7"),
    "gateway.yaml:3:9 CONFIG_VARIABLE_VALUE",
    /put it in quotes: "7"/u,
  ],
  [
    "a list as a value",
    changed("gateway.yaml", "site: riverside", "site: [a]"),
    "gateway.yaml:3:9 CONFIG_VARIABLE_VALUE",
    /write text, a number/u,
  ],
  [
    "a value that mentions another",
    changed("gateway.yaml", "site: riverside", "site: ${device}"),
    "gateway.yaml:3:9 CONFIG_VARIABLE_VALUE",
    /write the value out/u,
  ],
  [
    "an unused variable",
    changed("station.yaml", "  line: /dev/ttyS1", "  line: /dev/ttyS1\n  spare: 1"),
    "station.yaml:6:3 CONFIG_VARIABLE_UNUSED",
    /delete it/u,
  ],
  [
    "an unused parameter",
    changed("station.yaml", "      pollMs: 1000\n", "      pollMs: 1000\n      spare: 1\n"),
    "station.yaml:12:7 CONFIG_VARIABLE_UNUSED",
    /delete it/u,
  ],
  [
    "an unknown parameter",
    changed("station.yaml", "unit: 1, name: pump-1", "unit: 1, nane: pump-1"),
    "station.yaml:36:26 CONFIG_VARIABLE_UNKNOWN",
    /did you mean `name`/u,
  ],
  [
    "a missing parameter",
    changed("station.yaml", "unit: 1, name: pump-1", "name: pump-1"),
    "station.yaml:35:14 CONFIG_VARIABLE_MISSING",
    /add `unit: …` under `with:` \(unit id; number\)/u,
  ],
  [
    "an unknown type of a variable",
    changed("station.yaml", "type: number, default: 3", "type: int, default: 3"),
    "station.yaml:4:24 CONFIG_VALUE_UNKNOWN",
    /write one of them/u,
  ],
  [
    "a default of another type",
    changed("station.yaml", "type: number, default: 3", "type: number, default: x"),
    "station.yaml:4:41 CONFIG_VARIABLE_VALUE",
    /write a number/u,
  ],
  [
    "an unknown key of a declaration",
    changed("station.yaml", "type: number, default: 3", "typ: number, default: 3"),
    "station.yaml:4:18 CONFIG_KEY_UNKNOWN",
    /did you mean `type`/u,
  ],
  [
    "an unknown template",
    changed("station.yaml", "use: running", "use: runing"),
    "station.yaml:17:16 CONFIG_USE",
    /did you mean `running`/u,
  ],
  [
    "a key beside a template that is a list",
    changed("station.yaml", "- use: running", "- { use: running, pollMs: 5 }"),
    "station.yaml:17:27 CONFIG_USE",
    /delete the key/u,
  ],
  [
    "a template without body",
    changed("station.yaml", "    body:\n      - {", "    bodi:\n      - {"),
    "station.yaml:20:5 CONFIG_KEY_UNKNOWN",
    /did you mean `body`/u,
  ],
  [
    "a file outside of the folder",
    changed("gateway.yaml", "station.yaml", "../station.yaml"),
    "gateway.yaml:1:10 CONFIG_PART_PATH",
    /copy it there/u,
  ],
  [
    "a file with an absolute path",
    changed("gateway.yaml", "station.yaml", "/etc/passwd"),
    "gateway.yaml:1:10 CONFIG_PART_PATH",
    /copy it there/u,
  ],
  [
    "a table outside of the folder",
    changed("station.yaml", "maps/well.csv", "maps/../../x.csv"),
    "station.yaml:42:24 CONFIG_PART_PATH",
    /copy it there/u,
  ],
  [
    "a file that is not there",
    changed("gateway.yaml", "station.yaml", "stations.yaml"),
    "gateway.yaml:1:10 CONFIG_FILE_UNREADABLE",
    /is the name right/u,
  ],
  [
    "a file that extends itself",
    { "gateway.yaml": "extends: gateway.yaml" },
    "gateway.yaml:1:10 CONFIG_PART_CYCLE",
    /delete one/u,
  ],
  [
    "broken YAML in a further file",
    changed("station.yaml", "site: ${site}", "site: 'x"),
    "station.yaml:43:1 CONFIG_YAML_SYNTAX",
    /./u,
  ],
  ["an empty further file", { ...FOLDER, "station.yaml": "" }, "station.yaml:1:1 CONFIG_YAML_EMPTY", /./u],
  [
    "bytes in a further file that are no text",
    { ...FOLDER, "station.yaml": `a: "\ufffd"` },
    "station.yaml:1:5 CONFIG_YAML_ENCODING",
    /./u,
  ],
  [
    "a row with too many cells",
    changed("maps/well.csv", "0.01,m,${well-height},,", "0.01,m,${well-height},,,x"),
    "maps/well.csv:2:54 CONFIG_CSV",
    /in quotes/u,
  ],
  [
    "a column given twice",
    changed("maps/well.csv", "scale,unit", "scale,scale"),
    "maps/well.csv:1:31 CONFIG_KEY_DUPLICATE",
    /keep one/u,
  ],
  [
    "a table without any row",
    { ...FOLDER, "maps/well.csv": "\n" },
    "maps/well.csv:0:0 CONFIG_CSV",
    /begin with a row/u,
  ],
  [
    "an unknown column",
    changed("maps/well.csv", ",scale,", ",scal,"),
    "maps/well.csv:1:25 CONFIG_KEY_UNKNOWN",
    /did you mean `scale`/u,
  ],
] as const)("%s is refused where a person can mend it", (_what, folder, place, hint) => {
  const findings = findingsOfFolder(folder);
  expect(placesOfFolder(folder)[0]).toBe(place);
  expect(findings[0]?.hint).toMatch(hint);
  expect(findings.every(({ code }) => code === findings[0]?.code || code === "CONFIG_USE")).toBe(true);
});

test("a wrong value of a variable is found at the value, and says where it is used", () => {
  const [finding, ...others] = findingsOfFolder(changed("gateway.yaml", "device: gw-017", 'device: "gw/017"'));
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ code: "CONFIG_TOPIC_NAME", line: 4, column: 11, path: "device" });
  expect(finding?.message).toMatch(/ \(used at station\.yaml:24:9\)$/u);
});

test("a mistake in a template is found once, however often it is used", () => {
  const [finding, ...others] = findingsOfFolder(
    changed("station.yaml", "discrete-input, address: 1", "discrete-input, address: -1"),
  );
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ code: "CONFIG_RANGE", file: "station.yaml", line: 22, column: 56 });
  expect(finding?.message).toMatch(/ \(used at station\.yaml:17:16, at .*station\.yaml:35:14, and once more\)$/u);
});

test("a parameter out of range is found where it is given", () => {
  expect(placesOfFolder(changed("station.yaml", "unit: 2, name: pump-2", "unit: 300, name: pump-2"))).toEqual([
    "station.yaml:38:23 CONFIG_RANGE",
  ]);
});

test("what is missing in a device is said where it uses its template", () => {
  expect(placesOfFolder(changed("station.yaml", "      unit: ${unit}\n", ""))[0]).toMatch(/CONFIG_VARIABLE_UNUSED/u);
  const folder = changed(
    "station.yaml",
    "  running:\n    body:\n      - { name: running, table",
    "  running:\n    body:\n      - { table",
  );
  expect(placesOfFolder(folder)).toEqual(["station.yaml:21:9 CONFIG_KEY_MISSING"]);
});

test("where there are no further files to be had, that is said and not a crash", () => {
  const compiled = compileConfig(UNIT, "/etc/holdfast/gateway.yaml");
  if (!("report" in compiled)) throw new Error("a report was expected");
  expect(compiled.report.findings).toMatchObject([{ code: "CONFIG_FILE_UNREADABLE", line: 1, column: 10 }]);
});

test("a small file wrong in everything is still a report that fits its contract", () => {
  const folder = {
    ...FOLDER,
    "station.yaml": STATION.replaceAll("1", "-1"),
    "maps/well.csv": WELL_CSV.replaceAll(",", ",,"),
  };
  const compiled = compileFolder(folder);
  if (!("report" in compiled)) throw new Error("a report was expected");
  expect(Check(ConfigReport, compiled.report)).toBe(true);
  expect(compiled.parts.map(({ name }) => name)).toEqual(["station.yaml", "maps/well.csv"]);
});

test("a misspelt brace in a flow mapping is explained", () => {
  const text = station("      - { name: a, unit: ${unit}, points: [] }\n");
  expect(findingsOfFolder({ "gateway.yaml": `variables: { unit: 1 }\n${text}` })[0]?.hint).toMatch(/quotes/u);
});
