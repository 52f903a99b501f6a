import type { Expression, ExpressionStep, PointRef } from "../snapshot/expression.ts";

/** What is known of one value on the stack. */
interface Known {
  /** points that are on, true or not 0, wherever it is true */
  readonly whenTrue: ReadonlySet<PointRef>;
  readonly whenFalse: ReadonlySet<PointRef>;
  readonly point?: PointRef;
  readonly value?: number | boolean | string;
}

const nothing = (): ReadonlySet<PointRef> => new Set();
const unknown = (): Known => ({ whenTrue: nothing(), whenFalse: nothing() });

/**
 * The points that must be on, true or above 0, for a condition to hold. It finds what people write (`[a/b]`, `and`, `or`,
 * `not`, comparisons with a value) and nothing where it is not sure.
 */
export function mustBeOn({ steps, points }: Expression): ReadonlySet<PointRef> {
  const stack: Known[] = [];
  for (const step of steps) {
    const taken = arity(step);
    const operands = taken === 0 ? [] : stack.splice(-taken);
    stack.push(judge(step, operands, points));
  }
  return stack.at(-1)?.whenTrue ?? nothing();
}

function arity([kind, what, count]: ExpressionStep): number {
  if (kind === "operator") return what === "not" || what === "negate" ? 1 : 2;
  return kind === "call" ? count : 0;
}

function judge(
  step: ExpressionStep,
  [a = unknown(), b = unknown()]: readonly Known[],
  points: readonly PointRef[],
): Known {
  if (step[0] === "point") {
    const point = points[step[1]] ?? "";
    return { whenTrue: new Set([point]), whenFalse: nothing(), point };
  }
  if (step[0] === "value") return { ...unknown(), value: step[1] };
  if (step[0] === "call") return unknown();
  switch (step[1]) {
    case "and":
      return { whenTrue: a.whenTrue.union(b.whenTrue), whenFalse: a.whenFalse.intersection(b.whenFalse) };
    case "or":
      return { whenTrue: a.whenTrue.intersection(b.whenTrue), whenFalse: a.whenFalse.union(b.whenFalse) };
    case "not":
      return { whenTrue: a.whenFalse, whenFalse: a.whenTrue };
    case "==":
      return compared(a, b) ?? compared(b, a) ?? unknown();
    case "!=":
      return swapped(compared(a, b) ?? compared(b, a) ?? unknown());
    case ">":
    case ">=":
      return above(step[1] === ">", a, b);
    case "<":
    case "<=":
      return above(step[1] === "<", b, a);
    default:
      return unknown();
  }
}

/** `x == true`, `x == 0`: as x itself says, or the opposite of it. */
function compared(of: Known, { value }: Known): Known | undefined {
  if (typeof value === "boolean") return value ? of : swapped(of);
  if (typeof value !== "number" || of.point === undefined) return undefined;
  const on = new Set([of.point]);
  return value === 0 ? { whenTrue: nothing(), whenFalse: on } : { whenTrue: on, whenFalse: nothing() };
}

/** `x > 0`, `x >= 1` */
function above(strictly: boolean, { point }: Known, { value }: Known): Known {
  const positive = typeof value === "number" && (strictly ? value >= 0 : value > 0);
  return point === undefined || !positive ? unknown() : { whenTrue: new Set([point]), whenFalse: nothing() };
}

function swapped({ whenTrue, whenFalse }: Known): Known {
  return { whenTrue: whenFalse, whenFalse: whenTrue };
}
