import type { Expression } from "../snapshot/expression.ts";
import { Checker } from "./check.ts";
import type { TypeOf } from "./check.ts";
import { ExpressionError } from "./fault.ts";
import type { ExpressionFault } from "./fault.ts";
import { parse } from "./parse.ts";
import { tokens } from "./tokens.ts";
import type { ValueType } from "./tree.ts";

export type CompiledExpression =
  | { readonly expression: Expression; readonly type: ValueType }
  | { readonly error: ExpressionFault };

/**
 * Reads, types and bounds one expression. Never throws for any text.
 * @param typeOf what a point `device/point` is; undefined where there is none, or it is a record. 64-bit integers are
 * numbers here: beyond 2^53 their last digits are lost
 */
export function compileExpression(text: string, typeOf: TypeOf): CompiledExpression {
  try {
    const checker = new Checker(typeOf);
    const type = checker.take(parse(text));
    return { expression: { text: text.trim(), points: checker.points, steps: checker.steps }, type };
  } catch (error) {
    if (error instanceof ExpressionError) return { error: error.fault };
    throw error;
  }
}

/** The points that a text reads, whether or not it is a sound expression; none where it cannot even be cut into words. */
export function pointsRead(text: string): readonly string[] {
  try {
    return [...new Set(tokens(text).flatMap((token) => (token.kind === "point" ? [token.ref] : [])))];
  } catch (error) {
    if (error instanceof ExpressionError) return [];
    throw error;
  }
}
