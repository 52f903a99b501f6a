import type { ExpressionFunction, ExpressionOperator, PointRef } from "../snapshot/expression.ts";

/** What an expression comes to, or takes. */
export type ValueType = "bool" | "number" | "string";

/** An expression as it is understood. */
export type Tree =
  | { readonly kind: "value"; readonly at: number; readonly value: number | boolean | string }
  | { readonly kind: "point"; readonly at: number; readonly ref: PointRef }
  | {
      readonly kind: "operator";
      readonly at: number;
      readonly operator: ExpressionOperator;
      readonly operands: readonly Tree[];
    }
  | {
      readonly kind: "call";
      readonly at: number;
      readonly name: ExpressionFunction;
      readonly operands: readonly Tree[];
    };
