import type { ExpressionOperator } from "../../config/snapshot/expression.ts";
import { NOT_A_NUMBER, OPEN } from "./stack.ts";
import type { Stack } from "./stack.ts";

type Value = number | boolean | string;

const ARITHMETIC = {
  "+": (a: number, b: number) => a + b,
  "-": (a: number, b: number) => a - b,
  "*": (a: number, b: number) => a * b,
  "/": (a: number, b: number) => a / b,
  "%": (a: number, b: number) => a % b,
  "<": (a: number, b: number) => a < b,
  "<=": (a: number, b: number) => a <= b,
  ">": (a: number, b: number) => a > b,
  ">=": (a: number, b: number) => a >= b,
} as const;

/** Takes its operands off the stack and puts its result there. */
export function applyOperator(operator: ExpressionOperator): (stack: Stack) => void {
  switch (operator) {
    case "not":
      return one("boolean", (a) => !a);
    case "negate":
      return one("number", (a) => -a);
    case "and":
      return two((a, b) => (typeof a === "boolean" && typeof b === "boolean" ? a && b : undefined));
    case "or":
      return two((a, b) => (typeof a === "boolean" && typeof b === "boolean" ? a || b : undefined));
    case "==":
      return two((a, b) => (typeof a === typeof b ? a === b : undefined));
    case "!=":
      return two((a, b) => (typeof a === typeof b ? a !== b : undefined));
    default: {
      const reckon = ARITHMETIC[operator];
      return two((a, b) => (typeof a === "number" && typeof b === "number" ? reckon(a, b) : undefined));
    }
  }
}

function one(kind: "boolean" | "number", act: (value: never) => Value): (stack: Stack) => void {
  return (stack) => {
    const value = stack.values[stack.top - 1];
    put(stack, 1, typeof value === kind ? act(value as never) : undefined, stack.states[stack.top - 1] ?? OPEN);
  };
}

function two(act: (left: Value, right: Value) => Value | undefined): (stack: Stack) => void {
  return (stack) => {
    const { values, states, top } = stack;
    const state = Math.max(states[top - 2] ?? OPEN, states[top - 1] ?? OPEN);
    put(stack, 2, act(values[top - 2] as Value, values[top - 1] as Value), state);
  };
}

/**
 * Puts a result in place of its operands; undefined where they were of a kind that the compiler would have refused,
 * which counts as missing rather than as some value that they could be taken for.
 */
export function put(stack: Stack, operands: number, result: Value | undefined, state: number): void {
  stack.top -= operands;
  stack.values[stack.top] = result ?? 0;
  const lost = typeof result === "number" && !Number.isFinite(result) ? NOT_A_NUMBER : state;
  stack.states[stack.top++] = result === undefined ? OPEN : Math.max(state, lost);
}
