/** Which point: `device/point`, as the file names both. */
export type PointRef = string;

/** A line of an operator's file that one person can still check by reading it. */
export const EXPRESSION_CHARS_MAX = 512;
/** Values, points, operators and calls of one expression: what its evaluation costs, and the deepest its stack grows. */
export const EXPRESSION_STEPS_MAX = 128;
/** Of all expressions of a gateway: what the slowest gateway evaluates in a few milliseconds. */
export const EXPRESSION_STEPS_TOTAL_MAX = 50_000;
/** Parentheses, calls and signs within each other. */
export const EXPRESSION_DEPTH_MAX = 16;
/** Points that one expression reads. */
export const EXPRESSION_POINTS_MAX = 32;
/** What a call takes at most. */
export const EXPRESSION_ARGUMENTS_MAX = 16;

export type ExpressionOperator =
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "<"
  | "<="
  | ">"
  | ">="
  | "=="
  | "!="
  | "and"
  | "or"
  | "not"
  | "negate";
export type ExpressionFunction = "abs" | "min" | "max" | "round" | "sqrt" | "if" | "good" | "fallback";

/** How many values each function takes. */
export const EXPRESSION_ARGUMENTS = {
  abs: [1, 1],
  min: [2, EXPRESSION_ARGUMENTS_MAX],
  max: [2, EXPRESSION_ARGUMENTS_MAX],
  round: [1, 1],
  sqrt: [1, 1],
  if: [3, 3],
  good: [1, 1],
  fallback: [2, 2],
} as const satisfies Readonly<Record<ExpressionFunction, readonly [number, number]>>;

/** One step on a stack of values. */
export type ExpressionStep =
  | readonly ["point", number]
  | readonly ["value", number | boolean | string]
  | readonly ["operator", ExpressionOperator]
  | readonly ["call", ExpressionFunction, number];

/**
 * A rule without side effects, loops or I/O: the compiler has parsed it, checked its types and bounded it, and `field`
 * runs its steps in postfix order. A value that is not good makes the result not good; nothing is ever taken for 0.
 */
export interface Expression {
  /** as it is in the file, for people */
  readonly text: string;
  /** what it reads; steps name them by index */
  readonly points: readonly PointRef[];
  readonly steps: readonly ExpressionStep[];
}

/** Steps of all expressions in a snapshot, or any part of one. */
export function expressionSteps(part: unknown): number {
  if (typeof part !== "object" || part === null) return 0;
  const own =
    "text" in part && "points" in part && "steps" in part && Array.isArray(part.steps) ? part.steps.length : 0;
  // looked into all the same: whoever took over the compiler could dress up anything as an expression, to hide those inside
  return Object.values(part).reduce((sum: number, inner: unknown) => sum + expressionSteps(inner), own);
}
