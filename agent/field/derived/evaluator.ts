import type { Expression, ExpressionStep } from "../../config/snapshot/expression.ts";
import { qualityCode } from "../../contract/point.ts";
import type { ScalarValue } from "../../contract/point.ts";
import type { PointBook } from "../points/book.ts";
import { applyCall } from "./functions.ts";
import { inputOf } from "./input.ts";
import { applyOperator } from "./operators.ts";
import { GOOD, NOT_A_NUMBER, OPEN, UNCERTAIN } from "./stack.ts";
import type { Stack } from "./stack.ts";

/** What an expression comes to: null where it has no value, with the quality (index into QUALITIES) that says why. */
export interface Evaluated {
  readonly value: ScalarValue;
  readonly quality: number;
}

/**
 * Binds an expression to the points it reads: call the result for its value now. Never throws. Points are looked up
 * here once: bind again after another {@link PointBook.lay}.
 */
export function evaluator(expression: Expression, book: PointBook): () => Evaluated {
  const inputs = expression.points.map((ref) => inputOf(book.find(ref)));
  const steps = expression.steps.map((step) => bound(step, inputs));
  const stack: Stack = { values: [], states: [], top: 0 };
  return () => {
    stack.top = 0;
    for (const step of steps) step(stack);
    return outcome(stack);
  };
}

/** Whether an expression holds: true, and of good quality. In doubt it does not. */
export function holds({ value, quality }: Evaluated): boolean {
  return value === true && quality === OK;
}

function bound(step: ExpressionStep, inputs: readonly ((stack: Stack) => void)[]): (stack: Stack) => void {
  switch (step[0]) {
    case "point":
      return inputs[step[1]] ?? inputOf(undefined);
    case "value": {
      const [, value] = step;
      return (stack) => {
        stack.values[stack.top] = value;
        stack.states[stack.top++] = GOOD;
      };
    }
    case "operator":
      return applyOperator(step[1]);
    case "call":
      return applyCall(step[1], step[2]);
  }
}

const OK = qualityCode("ok");
const QUALITY_OF: Readonly<Record<number, number>> = {
  [GOOD]: OK,
  [UNCERTAIN]: qualityCode("input-uncertain"),
  [NOT_A_NUMBER]: qualityCode("not-a-number"),
  [OPEN]: qualityCode("input-missing"),
};

function outcome({ values, states }: Stack): Evaluated {
  const state = states[0] ?? OPEN;
  const value = state > UNCERTAIN ? null : (values[0] ?? null);
  // -0 is nothing that a technician wants to read
  return { value: value === 0 ? 0 : value, quality: QUALITY_OF[state] as number };
}
