import type { ExpressionFunction } from "../../config/snapshot/expression.ts";
import { put } from "./operators.ts";
import { GOOD, OPEN } from "./stack.ts";
import type { Stack } from "./stack.ts";

/** Takes its `count` values off the stack and puts its result there. */
export function applyCall(name: ExpressionFunction, count: number): (stack: Stack) => void {
  switch (name) {
    case "abs":
      return numeric(count, ([a = 0]) => Math.abs(a));
    case "sqrt":
      return numeric(count, ([a = 0]) => Math.sqrt(a));
    case "round":
      // half away from zero, as on paper: Math.round(-2.5) is -2
      return numeric(count, ([a = 0]) => Math.sign(a) * Math.round(Math.abs(a)));
    case "min":
      return numeric(count, (all) => Math.min(...all));
    case "max":
      return numeric(count, (all) => Math.max(...all));
    case "good":
      return (stack) => put(stack, 1, stack.states[stack.top - 1] === GOOD, GOOD);
    case "fallback":
      return (stack) => choose(stack, 2, stack.states[stack.top - 2] === GOOD ? 2 : 1, GOOD);
    case "if":
      return (stack) => {
        const condition = stack.values[stack.top - 3];
        const state = typeof condition === "boolean" ? (stack.states[stack.top - 3] ?? OPEN) : OPEN;
        choose(stack, 3, condition === true ? 2 : 1, state);
      };
  }
}

function numeric(count: number, act: (values: readonly number[]) => number): (stack: Stack) => void {
  const values: number[] = Array.from({ length: count }, () => 0);
  return (stack) => {
    let state = GOOD;
    for (let index = 0; index < count; index++) {
      const at = stack.top - count + index;
      const value = stack.values[at];
      state = Math.max(state, typeof value === "number" ? (stack.states[at] ?? OPEN) : OPEN);
      values[index] = typeof value === "number" ? value : 0;
    }
    put(stack, count, act(values), state);
  };
}

/** The value `from` below the top in place of all operands. What was not chosen does not matter, missing or not. */
function choose(stack: Stack, operands: number, from: number, state: number): void {
  const value = stack.values[stack.top - from];
  put(stack, operands, value, Math.max(state, stack.states[stack.top - from] ?? OPEN));
}
