import { compileExpression } from "../expression/index.ts";
import type { PointTypes } from "../expression/point-types.ts";
import type { Expression } from "../snapshot/expression.ts";

/** An expression that the rules have found right. */
export function buildExpression(text: string, points: PointTypes): Expression {
  const compiled = compileExpression(text, (ref) => points.typeOf(ref));
  if ("expression" in compiled) return compiled.expression;
  throw new TypeError(`an expression that nobody checked was to be built: ${compiled.error.message}`);
}
