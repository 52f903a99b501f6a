import type { AlarmCondition } from "../../../config/snapshot/logic.ts";
import { evaluator } from "../../derived/evaluator.ts";
import type { PointBook } from "../../points/book.ts";
import type { PointState } from "../../points/source.ts";
import type { Condition } from "./condition.ts";
import { limitCondition } from "./limit.ts";
import { noValueCondition } from "./no-value.ts";
import { rateCondition } from "./rate.ts";
import { unchangedCondition } from "./unchanged.ts";
import { numberOf, said, usable } from "./usable.ts";

/**
 * Watches a condition on the points as they are laid now.
 * @param active whether the alarm is active, so that a hysteresis goes on where it was
 */
export function watchCondition(rule: AlarmCondition, book: PointBook, active: boolean, nowMs: number): Condition {
  switch (rule.kind) {
    case "high":
    case "low":
      return limitCondition(rule, book.find(rule.point), active);
    case "rate":
      return rateCondition(rule, book.find(rule.point), active);
    case "state":
      return stateCondition(rule, book.find(rule.point));
    case "unchanged":
      return unchangedCondition(rule, book.find(rule.point), active);
    case "no-value":
      return noValueCondition(rule, book.find(rule.point), nowMs);
    case "when":
      return expressionCondition(rule, book);
  }
}

function stateCondition(
  { point: ref, is }: AlarmCondition & { readonly kind: "state" },
  point: PointState | undefined,
): Condition {
  return {
    holds() {
      if (!usable(point)) return undefined;
      return (typeof is === "number" ? numberOf(point) : point.value) === is;
    },
    evidence: () => `${said(ref, point)}, the alarm is for ${JSON.stringify(is)}`,
  };
}

function expressionCondition({ expression }: AlarmCondition & { readonly kind: "when" }, book: PointBook): Condition {
  const evaluate = evaluator(expression, book);
  return {
    holds() {
      const { value } = evaluate();
      return typeof value === "boolean" ? value : undefined;
    },
    evidence() {
      const points = expression.points.slice(0, POINTS_SHOWN_MAX).map((ref) => said(ref, book.find(ref)));
      return `${expression.text}: ${points.join("; ")}`;
    },
  };
}

/** As many as fit what is read at a glance. */
const POINTS_SHOWN_MAX = 6;
