import { expect, test } from "vitest";
import { findingsOfFolder, station } from "./folder.ts";
import type { Folder } from "./folder.ts";

const POINTS = "[{ name: a, table: coil, address: 0 }]";
const DEVICE = `      - { name: d, unit: 1, points: ${POINTS} }\n`;

/** Where the text `* 2` stands, as `file:line:column`. */
function placeOf(folder: Folder): string {
  for (const [name, text] of Object.entries(folder))
    for (const [line, words] of text.split("\n").entries())
      if (words.includes("* 2")) return `${name}:${line + 1}:${words.indexOf("* 2") + 1}`;
  throw new Error("nothing is wrong");
}

const template = (body: string, use: string): string =>
  `templates:\n  t:\n    parameters: { p: { type: text } }\n    body:\n      - ${body}\n${station(DEVICE)}derived:\n  points:\n    - use: t\n      with: { p: ${use} }\n`;
const csv = (row: string): Folder => ({
  "gateway.yaml": `${station(DEVICE)}derived:\n  points: { csv: sums.csv }\n`,
  "sums.csv": `name,everyMs,expression\n${row}\n`,
});

test.each<[string, Folder]>([
  ["a template", { "gateway.yaml": template('{ name: "${p}", expression: 1 + * 2 }', "x") }],
  ["a template, in quotes", { "gateway.yaml": template("{ name: \"${p}\", expression: '1 + * 2' }", "x") }],
  ["the value of a parameter", { "gateway.yaml": template('{ name: x, expression: "${p}" }', '"1 + * 2"') }],
  ["a cell", csv("x,1000,1 + * 2")],
  ["a cell in quotes", csv('x,1000,"1 + * 2"')],
])("a fault within an expression in %s is at its character", (_what, folder) => {
  const findings = findingsOfFolder(folder);
  expect(findings.map(({ code }) => code)).toEqual(["CONFIG_EXPRESSION"]);
  expect(findings.map(({ file = "gateway.yaml", line, column }) => `${file}:${line}:${column}`)).toEqual([
    placeOf(folder),
  ]);
});

test("a cell with a quote in it is shown where it begins: the characters behind stand elsewhere", () => {
  const [finding] = findingsOfFolder(csv('x,1000,"""a"" * 2"'));
  expect(finding).toMatchObject({ code: "CONFIG_EXPRESSION", file: "sums.csv", line: 2, column: 8 });
});

test("an expression that a parameter stands in is shown where it begins", () => {
  const [finding] = findingsOfFolder({ "gateway.yaml": template('{ name: x, expression: "${p} + * 2" }', '"1"') });
  expect(finding).toMatchObject({ code: "CONFIG_EXPRESSION", line: 5, column: 32 });
});
