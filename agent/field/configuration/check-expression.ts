import {
  EXPRESSION_ARGUMENTS,
  EXPRESSION_CHARS_MAX,
  EXPRESSION_POINTS_MAX,
  EXPRESSION_STEPS_MAX,
  EXPRESSION_STEPS_TOTAL_MAX,
  expressionSteps,
} from "../../config/snapshot/expression.ts";
import type { ExpressionFunction } from "../../config/snapshot/expression.ts";
import { STRING_VALUE_CHARS_MAX } from "../../contract/telemetry.ts";
import type { Fields } from "./fields.ts";
import { ConfigurationError } from "./refusal.ts";

/** `device/point`. Whether there is such a point does not matter here: one that is not has no value. */
export const POINT_REF = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\/[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const TEXT = new RegExp(`^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]{1,${EXPRESSION_CHARS_MAX}}$`);

/** Values that each operator takes. */
const OPERANDS: Readonly<Record<string, number>> = {
  "+": 2,
  "-": 2,
  "*": 2,
  "/": 2,
  "%": 2,
  "<": 2,
  "<=": 2,
  ">": 2,
  ">=": 2,
  "==": 2,
  "!=": 2,
  and: 2,
  or: 2,
  not: 1,
  negate: 1,
};

/**
 * Every step finds on the stack what it takes, every point it names is listed, and one value is left at the end: then
 * running it reads nothing else and ends.
 * @throws {ConfigurationError}
 */
export function checkExpression(expression: Fields): void {
  expression.text("text", TEXT);
  const points = listOf(expression, "points", EXPRESSION_POINTS_MAX);
  for (const ref of points) if (typeof ref !== "string" || !POINT_REF.test(ref)) refuse(expression, "reads no point");
  let depth = 0;
  for (const [index, step] of listOf(expression, "steps", EXPRESSION_STEPS_MAX).entries()) {
    const where = `step ${index}`;
    if (!Array.isArray(step)) refuse(expression, `${where} is no step`);
    const taken = takes(step as readonly unknown[], points.length);
    if (taken === undefined) refuse(expression, `${where} is none that this version runs`);
    depth -= taken;
    if (depth < 0) refuse(expression, `${where} takes more than there is`);
    depth += 1;
  }
  if (depth !== 1) refuse(expression, `${depth} values are left at its end, 1 is wanted`);
}

/** All expressions of a snapshot together. @throws {ConfigurationError} */
export function checkExpressionTotal(field: unknown): void {
  const steps = expressionSteps(field);
  if (steps <= EXPRESSION_STEPS_TOTAL_MAX) return;
  const message = `${steps} steps of expressions; ${EXPRESSION_STEPS_TOTAL_MAX} is the limit`;
  throw new ConfigurationError("CONFIG_TOO_LARGE", message);
}

/** Values that a step takes off the stack; undefined for what is none. Each puts one there. */
function takes(step: readonly unknown[], points: number): number | undefined {
  const [kind, what, count] = step;
  switch (kind) {
    case "point":
      return step.length === 2 && Number.isInteger(what) && (what as number) >= 0 && (what as number) < points
        ? 0
        : undefined;
    case "value":
      return step.length === 2 && isPlain(what) ? 0 : undefined;
    case "operator":
      return step.length === 2 && typeof what === "string" && Object.hasOwn(OPERANDS, what)
        ? OPERANDS[what]
        : undefined;
    case "call": {
      if (step.length !== 3 || typeof what !== "string" || !Object.hasOwn(EXPRESSION_ARGUMENTS, what)) return undefined;
      const [fewest, most] = EXPRESSION_ARGUMENTS[what as ExpressionFunction];
      return Number.isInteger(count) && (count as number) >= fewest && (count as number) <= most
        ? (count as number)
        : undefined;
    }
    default:
      return undefined;
  }
}

/** One plain value, as a point may have. */
export function isPlain(value: unknown): value is number | boolean | string {
  if (typeof value === "string") return value.length <= STRING_VALUE_CHARS_MAX;
  return typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}

function listOf(expression: Fields, name: string, longest: number): readonly unknown[] {
  const value = expression.raw(name);
  if (!Array.isArray(value) || value.length > longest)
    return refuse(expression, `${name} is no list of at most ${longest}`);
  return value;
}

function refuse({ where }: Fields, why: string): never {
  throw new ConfigurationError("CONFIG_SNAPSHOT_MALFORMED", `${where}: ${why}`);
}
