import fc from "fast-check";
import type { QualityReason } from "../../../../agent/contract/point.ts";

/** What a point is at an instant, as a person would note it. */
export interface Noted {
  readonly value: number | boolean | null;
  readonly trust: "good" | "doubtful" | "none";
}

/** An expression as a tree of our own, its text, and what it comes to: nothing of this is shared with the agent. */
export interface Term {
  readonly text: string;
  readonly reckon: (points: readonly Noted[]) => Result;
}

export interface Result {
  readonly value: number | boolean | null;
  readonly reason: Extract<QualityReason, "ok" | "input-missing" | "input-uncertain" | "not-a-number">;
}

const RANK = ["ok", "input-uncertain", "not-a-number", "input-missing"] as const;

function worst(...results: readonly Result[]): Result["reason"] {
  return RANK[Math.max(...results.map(({ reason }) => RANK.indexOf(reason)))] ?? "input-missing";
}

/** A result of sound inputs, unless the reckoning itself gave none. */
function from(inputs: readonly Result[], act: () => number | boolean): Result {
  const reason = worst(...inputs);
  if (reason === "input-missing" || reason === "not-a-number") return { value: null, reason };
  const value = act();
  if (typeof value === "number" && !Number.isFinite(value)) return { value: null, reason: "not-a-number" };
  return { value, reason };
}

function noted({ value, trust }: Noted): Result {
  if (value === null || trust === "none") return { value: null, reason: "input-missing" };
  return { value, reason: trust === "good" ? "ok" : "input-uncertain" };
}

const numbers = (act: (a: number, b: number) => number | boolean) => (l: Result, r: Result) =>
  from([l, r], () => act(l.value as number, r.value as number));

const TWO: readonly (readonly [string, (l: Result, r: Result) => Result])[] = [
  ["+", numbers((a, b) => a + b)],
  ["-", numbers((a, b) => a - b)],
  ["*", numbers((a, b) => a * b)],
  ["/", numbers((a, b) => a / b)],
  ["%", numbers((a, b) => a % b)],
];
const COMPARE: readonly (readonly [string, (l: Result, r: Result) => Result])[] = [
  ["<", numbers((a, b) => a < b)],
  [">=", numbers((a, b) => a >= b)],
  ["==", numbers((a, b) => a === b)],
  ["!=", numbers((a, b) => a !== b)],
];
const LOGIC: readonly (readonly [string, (a: boolean, b: boolean) => boolean])[] = [
  ["and", (a, b) => a && b],
  ["or", (a, b) => a || b],
];

function pair(operators: typeof TWO, of: fc.Arbitrary<Term>): fc.Arbitrary<Term> {
  return fc.tuple(fc.constantFrom(...operators), of, of).map(([[sign, act], left, right]) => ({
    text: `(${left.text} ${sign} ${right.text})`,
    reckon: (points) => act(left.reckon(points), right.reckon(points)),
  }));
}

const { number, bool } = fc.letrec<{ number: Term; bool: Term }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 4, depthIdentifier: "term" },
    fc.constantFrom(0, 1, 2.5, 3, 1e300).map((value): Term => ({
      text: value === 0 ? "(1 - 1)" : String(value),
      reckon: () => ({ value, reason: "ok" }),
    })),
    fc.nat(3).map((index): Term => ({ text: `[n/${index}]`, reckon: (points) => noted(points[index] as Noted) })),
    pair(TWO, tie("number")),
    tie("number").map((inner): Term => ({
      text: `-${inner.text}`,
      reckon: (points) => {
        const result = inner.reckon(points);
        return from([result], () => -(result.value as number));
      },
    })),
    fc.tuple(tie("bool"), tie("number"), tie("number")).map(([when, yes, no]): Term => ({
      text: `if(${when.text}, ${yes.text}, ${no.text})`,
      reckon: (points) => {
        const condition = when.reckon(points);
        const chosen = (condition.value === true ? yes : no).reckon(points);
        if (condition.value === null) return { value: null, reason: worst(condition, chosen) };
        return from([condition, chosen], () => chosen.value as number);
      },
    })),
    fc.tuple(tie("number"), tie("number")).map(([first, second]): Term => ({
      text: `fallback(${first.text}, ${second.text})`,
      reckon: (points) => {
        const tried = first.reckon(points);
        return tried.reason === "ok" ? tried : second.reckon(points);
      },
    })),
    fc.tuple(tie("number"), tie("number")).map(([a, b]): Term => ({
      text: `max(${a.text}, ${b.text})`,
      reckon: (points) => numbers((x, y) => (x > y ? x : y))(a.reckon(points), b.reckon(points)),
    })),
  ),
  bool: fc.oneof(
    { maxDepth: 4, depthIdentifier: "term" },
    fc
      .constantFrom(true, false)
      .map((value): Term => ({ text: String(value), reckon: () => ({ value, reason: "ok" }) })),
    fc.nat(1).map((index): Term => ({ text: `[b/${index}]`, reckon: (points) => noted(points[4 + index] as Noted) })),
    pair(COMPARE, tie("number")),
    fc.tuple(fc.constantFrom(...LOGIC), tie("bool"), tie("bool")).map(([[word, act], left, right]): Term => ({
      text: `(${left.text} ${word} ${right.text})`,
      reckon: (points) => {
        const [l, r] = [left.reckon(points), right.reckon(points)];
        return from([l, r], () => act(l.value as boolean, r.value as boolean));
      },
    })),
    tie("bool").map((inner): Term => ({
      text: `(not ${inner.text})`,
      reckon: (points) => {
        const result = inner.reckon(points);
        return from([result], () => result.value === false);
      },
    })),
    tie("number").map((inner): Term => ({
      text: `good(${inner.text})`,
      reckon: (points) => ({ value: inner.reckon(points).reason === "ok", reason: "ok" }),
    })),
  ),
}));

/** Terms over four numbers `n/0`…`n/3` and two truth values `b/0`, `b/1`. */
export const term: fc.Arbitrary<Term> = fc.oneof(number, bool);

const trust = fc.constantFrom("good" as const, "good" as const, "doubtful" as const, "none" as const);
const anyNumber = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -3, max: 3 }));

export const notes: fc.Arbitrary<readonly Noted[]> = fc
  .tuple(
    fc.array(fc.record({ value: fc.oneof(anyNumber, fc.constant(null)), trust }), { minLength: 4, maxLength: 4 }),
    fc.array(fc.record({ value: fc.boolean(), trust }), { minLength: 2, maxLength: 2 }),
  )
  .map(([numeric, logical]) => [...numeric, ...logical]);
