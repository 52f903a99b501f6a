import type { Expression } from "../../config/snapshot/expression.ts";
import { qualityCode } from "../../contract/point.ts";
import type { ScalarValue } from "../../contract/point.ts";
import type { PointBook } from "../points/book.ts";

/** What an expression comes to: null where it has no value, with the quality (index into QUALITIES) that says why. */
export interface Evaluated {
  readonly value: ScalarValue;
  readonly quality: number;
}

/** Binds an expression to the points it reads: call the result for its value now. Never throws. */
export function evaluator(_expression: Expression, _book: PointBook): () => Evaluated {
  return () => ({ value: null, quality: qualityCode("input-missing") });
}

/** Whether an expression holds: true, and of good quality. In doubt it does not. */
export function holds({ value, quality }: Evaluated): boolean {
  return value === true && quality === qualityCode("ok");
}
