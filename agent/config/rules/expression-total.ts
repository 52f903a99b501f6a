import { EXPRESSION_STEPS_TOTAL_MAX, expressionSteps } from "../snapshot/expression.ts";
import type { FieldSnapshot } from "../snapshot.ts";
import type { Inquiry } from "./inquiry.ts";

/** All expressions of a gateway together stay within what it evaluates beside its polling. */
export function checkExpressionTotal(field: FieldSnapshot, inquiry: Inquiry): void {
  const steps = expressionSteps(field);
  if (steps <= EXPRESSION_STEPS_TOTAL_MAX) return;
  const message = `the expressions have ${steps} values and operators, ${EXPRESSION_STEPS_TOTAL_MAX} at most`;
  inquiry.say("CONFIG_SIZE", [], message, "divide the plant between several gateways");
}
