/** Which point: `device/point`, as the file names both. */
export type PointRef = string;

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
