import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileExpression } from "../../../../agent/config/expression/index.ts";
import type { ExpressionFault, ValueType } from "../../../../agent/config/expression/index.ts";
import { EXPRESSION_CHARS_MAX } from "../../../../agent/config/snapshot/expression.ts";

const POINTS: Readonly<Record<string, ValueType>> = { "a/x": "number", "a/on": "bool", "a/tag": "string" };
const compile = (text: string) => compileExpression(text, (ref) => POINTS[ref]);

function steps(text: string): unknown {
  const compiled = compile(text);
  if ("error" in compiled) throw new Error(compiled.error.message);
  return compiled.expression.steps;
}

function typeOf(text: string): string {
  const compiled = compile(text);
  return "error" in compiled ? compiled.error.message : compiled.type;
}

function fault(text: string): ExpressionFault {
  const compiled = compile(text);
  if ("expression" in compiled) throw new Error(`${text} was taken`);
  return compiled.error;
}

describe("an expression", () => {
  test("is written down in postfix order, each point once", () => {
    expect(compile("[a/x] * 2 + [a/x]")).toEqual({
      type: "number",
      expression: {
        text: "[a/x] * 2 + [a/x]",
        points: ["a/x"],
        steps: [["point", 0], ["value", 2], ["operator", "*"], ["point", 0], ["operator", "+"]],
      },
    }); // prettier-ignore
  });

  test.each([
    ["1 + 2 * 3", "1 + (2 * 3)"],
    ["1 - 2 - 3", "(1 - 2) - 3"],
    ["-1 * 2", "(-1) * 2"],
    ["not [a/x] > 1 and [a/on]", "(not ([a/x] > 1)) and [a/on]"],
    ["[a/on] or [a/on] and [a/on]", "[a/on] or ([a/on] and [a/on])"],
    ["1 + 1 == 2", "(1 + 1) == 2"],
  ])("%s is %s", (loose, bracketed) => expect(steps(loose)).toEqual(steps(bracketed)));

  test.each([
    ["[a/x] > 2.5 and not [a/on]", "bool"],
    ["if([a/on], 'run', 'stand')", "string"],
    ["fallback([a/x], .5e1)", "number"],
    ["good([a/tag])", "bool"],
    ["max([a/x], 1, 2) % 3", "number"],
    ["[a/tag] == 'it''s'", "bool"],
  ])("%s comes to a %s", (text, type) => expect(typeOf(text)).toBe(type));
});

describe("a fault points at the character and says what to write", () => {
  test.each([
    ["[a/x] > ", 8, /the end/, /number/],
    ["[a/x] && true", 6, /not of this language/, /write and/],
    ["[a/x] = 2", 6, /not of this language/, /write ==/],
    ["1 < [a/x] < 5", 10, /two comparisons/, /and/],
    ["[a/x] + [a/on]", 8, /takes a number, this is true or false/, /number/],
    ["not [a/x]", 4, /takes true or false/, /compare/],
    ["[a/x] == 'text'", 9, /two values of one kind/, /a number/],
    ["if([a/x] > 1, 2, 'x')", 17, /two values of one kind/, /a number/],
    ["absolute([a/x])", 0, /no word/, /brackets|did you mean/],
    ["mim(1, 2)", 0, /no word/, /did you mean min/],
    ["min(1)", 0, /2 to 16/, /commas/],
    ["(1 + 2", 6, /from character 1/, /write \)/],
    ["1 / 0", 4, /division by 0/, /divisor/],
    ["[pump]", 0, /names no point/, /device\/point/],
    ["'open", 0, /does not end/, /close/],
    ["5 m", 2, /follows a whole/, /operator/],
    ["5m", 1, /follows a number/, /without/],
    ["", 0, /empty/, /write/],
    [`'${"x".repeat(251)}'`, 0, /250 at most/, /shorter/],
    ["1 2", 2, /follows a whole expression/, /operator/],
  ])("%s", (text, at, message, hint) => {
    expect(fault(text)).toMatchObject({
      at,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  test("a point that nobody knows is named, so that another can be proposed", () => {
    expect(fault("1 / [a/y]")).toMatchObject({ at: 4, unknown: "a/y" });
  });

  test("too long, too deep, too many steps, points, and arguments are refused", () => {
    expect(fault(`1${" ".repeat(EXPRESSION_CHARS_MAX)}`).message).toMatch(/512 at most/);
    expect(fault(`${"(".repeat(17)}1${")".repeat(17)}`)).toMatchObject({ at: 16 });
    expect(fault(`${"-".repeat(300)}1`).message).toMatch(/within each other/);
    expect(fault(`${"1+".repeat(90)}1`).message).toMatch(/more than 128/);
    const many = compileExpression(Array.from({ length: 33 }, (_, i) => `[a/${i}]`).join("+"), () => "number");
    expect(many).toMatchObject({ error: { message: expect.stringMatching(/more than 32 points/) } });
    expect(fault(`min(${"1,".repeat(16)}1)`).message).toMatch(/17 stand here/);
  });
});

test("10 000 texts of the language's own words never throw, and each fault points into its text", () => {
  const word = fc.oneof(
    fc.constantFrom(..."+ - * / % < <= > >= == != ( ) , [a/x] [a/on] [a/tag] [b/z] [ ] ' 'it' 1 .5 1e9 1e999 and or not true false abs min max round sqrt if good fallback ! && \u2028".split(" ")),
    fc.string({ maxLength: 3, unit: "binary" }),
  ); // prettier-ignore
  const text = fc.array(word, { maxLength: 24 }).map((words) => words.join(" "));
  fc.assert(
    fc.property(text, (offered) => {
      const compiled = compile(offered);
      if ("error" in compiled) {
        expect(compiled.error.at).toBeGreaterThanOrEqual(0);
        expect(compiled.error.at).toBeLessThanOrEqual(offered.length);
      }
    }),
    { numRuns: 10_000, seed: 4 },
  );
});
