import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileExpression } from "../../../../agent/config/expression/index.ts";
import { QUALITIES } from "../../../../agent/contract/point.ts";
import { evaluator, holds } from "../../../../agent/field/derived/evaluator.ts";
import type { Expression } from "../../../../agent/config/snapshot/expression.ts";
import { played } from "./book.ts";
import { notes, term } from "./reference.ts";

const world = () =>
  played({
    "a/x": "float64",
    "a/y": "uint16",
    "a/wide": "uint64",
    "a/on": "bool",
    "a/tag": "string",
    "a/all": "record",
  });

function expression(text: string): Expression {
  const types = { "a/on": "bool", "a/tag": "string", "b/0": "bool", "b/1": "bool" } as const;
  const compiled = compileExpression(text, (ref) => (types as Record<string, "bool" | "string">)[ref] ?? "number");
  if ("error" in compiled) throw new Error(`${text}: ${compiled.error.message}`);
  return compiled.expression;
}

function read(text: string, w: ReturnType<typeof world>): readonly [unknown, string] {
  const { value, quality } = evaluator(expression(text), w.book)();
  return [value, QUALITIES[quality]?.reason ?? ""];
}

describe("an expression at run time", () => {
  test("is reckoned from the latest values, as often as it is asked", () => {
    const w = world();
    const evaluate = evaluator(expression("[a/x] + [a/y]"), w.book);
    w.set("a/x", 1.5);
    w.set("a/y", 2);
    expect(evaluate().value).toBe(3.5);
    w.set("a/y", 3);
    expect(evaluate().value).toBe(4.5);
  });

  test.each([
    ["never read", (_w: ReturnType<typeof world>) => {}],
    ["stale", (w: ReturnType<typeof world>) => w.set("a/x", 1, "no-reply")],
    ["without a number", (w: ReturnType<typeof world>) => w.set("a/x", null, "not-a-number")],
  ])("has no value while an input is %s: never 0", (_why, happen) => {
    const w = world();
    happen(w);
    for (const text of ["[a/x]", "1 / [a/x]", "[a/x] * 0", "[a/x] > 1 or true", "if([a/x] > 1, 1, 2)"])
      expect(read(text, w)).toEqual([null, "input-missing"]);
  });

  test("has no value where a point does not exist, or is a record", () => {
    const w = world();
    expect(read("1 / [gone/x]", w)).toEqual([null, "input-missing"]);
    w.set("a/all", [1, 2]);
    expect(read("[a/all] + 1", w)).toEqual([null, "input-missing"]);
  });

  test("is uncertain where an input is", () => {
    const w = world();
    w.set("a/x", 9, "above-range");
    expect(read("[a/x] + 1", w)).toEqual([10, "input-uncertain"]);
  });

  test("has no value where it divides by 0, leaves the numbers, or overflows", () => {
    const w = world();
    w.set("a/x", 0);
    for (const text of ["1 / [a/x]", "1 % [a/x]", "sqrt([a/x] - 1)", "([a/x] + 1e300) * 1e300", "[a/x] / [a/x] > 1"])
      expect(read(text, w)).toEqual([null, "not-a-number"]);
  });

  test("good and fallback see what is missing and go on", () => {
    const w = world();
    expect(read("good([a/x])", w)).toEqual([false, "ok"]);
    expect(read("fallback([a/x], 7)", w)).toEqual([7, "ok"]);
    expect(read("if(good([a/x]), [a/x], 5)", w)).toEqual([5, "ok"]);
    w.set("a/x", 3, "below-range");
    expect(read("fallback([a/x], 7)", w)).toEqual([7, "ok"]);
    w.set("a/x", 4);
    expect(read("fallback([a/x], 7)", w)).toEqual([4, "ok"]);
  });

  test("takes 64-bit integers for numbers, though they arrive as text", () => {
    const w = world();
    w.set("a/wide", "18446744073709551615");
    expect(read("[a/wide] / 2", w)).toEqual([2 ** 63, "ok"]);
    expect(read("[a/wide] > 5", w)).toEqual([true, "ok"]);
  });

  test("rounds half away from zero, and never says -0", () => {
    const w = world();
    expect(read("round(-2.5)", w)).toEqual([-3, "ok"]);
    expect(read("round(2.5)", w)).toEqual([3, "ok"]);
    expect(Object.is(read("round(-0.2)", w)[0], 0)).toBe(true);
  });

  test("holds only where it is true and good", () => {
    const w = world();
    const open = evaluator(expression("[a/on]"), w.book);
    expect(holds(open())).toBe(false);
    w.set("a/on", true, "above-range");
    expect(holds(open())).toBe(false);
    w.set("a/on", true);
    expect(holds(open())).toBe(true);
  });
});

test("5 000 expressions come to what an independent reading of them does", () => {
  const w = played({
    "n/0": "float64",
    "n/1": "float64",
    "n/2": "float64",
    "n/3": "float64",
    "b/0": "bool",
    "b/1": "bool",
  });
  const refs = ["n/0", "n/1", "n/2", "n/3", "b/0", "b/1"];
  let evaluated = 0;
  const property = fc.property(term, notes, ({ text, reckon }, points) => {
    const compiled = compileExpression(text, (ref) => (ref.startsWith("b/") ? "bool" : "number"));
    if ("error" in compiled) return; // too long or too deep: bounded, as it should be
    evaluated++;
    for (const [index, { value, trust }] of points.entries())
      w.set(refs[index] as string, value, trust === "good" ? "ok" : trust === "doubtful" ? "above-range" : "no-reply");
    const { value, quality } = evaluator(compiled.expression, w.book)();
    const expected = reckon(points);
    // 0 and -0 are one number to whoever reads them
    expect({ value, reason: QUALITIES[quality]?.reason }).toEqual({
      ...expected,
      value: expected.value === 0 ? 0 : expected.value,
    });
  });
  fc.assert(property, { numRuns: 5_000, seed: 4 });
  expect(evaluated).toBeGreaterThan(4_000);
});
