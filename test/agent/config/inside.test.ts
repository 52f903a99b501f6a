import { expect, test } from "vitest";
import { RIGHT, onlyFinding } from "./gateway-file.ts";

const broken = (scalar: string) =>
  onlyFinding(`${RIGHT}derived:\n  points:\n    - name: a\n      expression: ${scalar}\n`);
const LINE = RIGHT.split("\n").length + 3;
const COLUMN = "      expression: ".length + 1;

test.each([
  ["a plain text", "1 + * 2", COLUMN + 4],
  ["single quotes", "'1 + * 2'", COLUMN + 5],
  ["single quotes with one inside, written twice", "'''a'' == * 2'", COLUMN + 10],
  ["double quotes", '"1 + * 2"', COLUMN + 5],
  ["double quotes with an escape: where the text begins", '"\\u0031 + * 2"', COLUMN],
  ["a folded text: where it begins", ">-\n        1\n        + * 2", COLUMN],
])("a fault within %s is at its character", (_what, scalar, column) => {
  expect([broken(scalar).line, broken(scalar).column]).toEqual([LINE, column]);
});
