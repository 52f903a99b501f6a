import fc from "fast-check";
import { expect, test } from "vitest";
import { compileExpression } from "../../../../agent/config/expression/index.ts";
import { mustBeOn } from "../../../../agent/config/rules/must-be-on.ts";
import { evaluator, holds } from "../../../../agent/field/derived/evaluator.ts";
import { PointBook } from "../../../../agent/field/points/book.ts";
import { DeviceSource } from "../../../../agent/field/points/device-source.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { device, point } from "../../field/snapshots.ts";

const NAMES = ["d/a", "d/b", "d/c", "d/x"] as const;
const typeOf = (ref: string) => (ref === "d/x" ? "number" : "bool");

const LEAVES =
  "[d/a]; [d/b]; [d/c]; true; [d/x] > 0; [d/x] >= 1; 0 < [d/x]; [d/x] == 0; [d/x] != 0; [d/x] < 3; [d/x] == 2; [d/a] == true; [d/b] != true; false == [d/c]; good([d/a]); [d/a] == [d/b]";
const leaf = fc.constantFrom(...LEAVES.split("; "));
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc
      .tuple(tie("condition"), fc.constantFrom("and", "or"), tie("condition"))
      .map(([a, op, b]) => `(${a}) ${op} (${b})`),
    tie("condition").map((one) => `not (${one})`),
    fc.tuple(tie("condition"), fc.boolean()).map(([one, value]) => `(${one}) == ${value}`),
  ),
}));

/** A book in which each point has a good value. */
function bookOf(values: readonly (boolean | number)[]): PointBook {
  const points = NAMES.map((name, address) =>
    point(name.slice(2), name === "d/x" ? { address } : { table: "coil", address }),
  );
  const sink = { sampled: () => 0, turned: () => {} };
  const source = new DeviceSource("line", device("d", 1, { points }), { clock: virtualClock(), sink });
  for (const [index, value] of values.entries()) source.take(index, value, 0);
  const book = new PointBook();
  book.lay([source]);
  return book;
}

test("what must be on for a condition is on wherever the condition holds", () => {
  let judged = 0;
  const property = fc.property(
    condition,
    fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.constantFrom(0, 1, 2, 5)),
    (text, values) => {
      const compiled = compileExpression(text, typeOf);
      // longer than what anybody writes
      if ("error" in compiled) return;
      const required = mustBeOn(compiled.expression);
      if (required.size === 0 || !holds(evaluator(compiled.expression, bookOf(values))())) return;
      judged += 1;
      for (const ref of required) expect(Number(values[NAMES.indexOf(ref as (typeof NAMES)[number])])).not.toBe(0);
    },
  );
  fc.assert(property, { numRuns: 5_000 });
  expect(judged).toBeGreaterThan(500);
});
