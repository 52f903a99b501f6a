import type { PointRef } from "../../config/snapshot/expression.ts";
import type { AlarmRule } from "../../config/snapshot/logic.ts";
import { evaluator, holds } from "../derived/evaluator.ts";
import type { Evaluated } from "../derived/evaluator.ts";
import type { PointBook } from "../points/book.ts";
import type { PointState } from "../points/source.ts";
import type { AlarmBoard, Noted } from "./board.ts";
import { watchCondition } from "./conditions/conditions.ts";
import type { Condition } from "./conditions/condition.ts";
import { GRACE_MS } from "./conditions/no-value.ts";
import { delayed } from "./delay.ts";
import type { LiveAlarm } from "./live-alarm.ts";

/** Watches one rule on the points as they are laid now, and tells its alarm what happens. */
export class RuleWatch {
  readonly rule: AlarmRule;
  readonly #alarm: LiveAlarm;
  readonly #board: AlarmBoard;
  readonly #condition: Condition;
  readonly #settle: (holds: boolean | undefined, nowMs: number) => boolean;
  readonly #suppresses: (() => Evaluated) | undefined;
  /** until then nobody knows whether what was suppressed before a restart still is */
  readonly #suppressionDueMs: number;
  #suppressionKnown = false;
  readonly #points: readonly (PointState | undefined)[];
  /** whether its condition could be judged at the latest scan */
  #known = true;

  constructor(rule: AlarmRule, alarm: LiveAlarm, board: AlarmBoard, book: PointBook, nowMs: number) {
    this.rule = rule;
    this.#alarm = alarm;
    this.#board = board;
    this.#condition = watchCondition(rule.condition, book, alarm.active, nowMs);
    this.#settle = delayed(rule, alarm.active);
    this.#suppresses = rule.suppressedWhen && evaluator(rule.suppressedWhen, book);
    this.#suppressionDueMs = nowMs + GRACE_MS;
    this.#points = pointsOf(rule).map((ref) => book.find(ref));
  }

  /** Whether it watches the very points that the book has now: then it may go on, with its delays and windows. */
  stillOn(book: PointBook): boolean {
    return pointsOf(this.rule).every((ref, index) => book.find(ref) === this.#points[index]);
  }

  /** One look at the condition. */
  scan(nowMs: number): void {
    this.#suppress(this.#suppressed(nowMs));
    const seen = this.#condition.holds(nowMs);
    this.#known = seen !== undefined;
    const active = this.#settle(seen, nowMs);
    if (active === this.#alarm.active) return;
    this.#board.happen(this.#alarm, active ? "raise" : "return", this.#noted);
  }

  /** Why it cannot be judged now; undefined where it can. */
  unknown(): string | undefined {
    return this.#known ? undefined : `${this.#condition.evidence()}; the alarm stays as it is`;
  }

  readonly #noted = (): Noted => ({ evidence: this.#condition.evidence() });

  #suppressed(nowMs: number): boolean {
    if (this.#suppresses === undefined) return false;
    const outcome = this.#suppresses();
    this.#suppressionKnown ||= outcome.value !== null || nowMs >= this.#suppressionDueMs;
    return this.#suppressionKnown ? holds(outcome) : this.#alarm.alarm.at === "suppressed";
  }

  #suppress(suppressed: boolean): void {
    this.#alarm.suppressed = suppressed;
    if (suppressed === (this.#alarm.alarm.at === "suppressed")) return;
    this.#board.happen(this.#alarm, suppressed ? "suppress" : "unsuppress", () => ({
      evidence: `${suppressed ? "" : "no longer "}suppressed by design: ${this.rule.suppressedWhen?.text ?? "no such rule any more"}`,
    }));
  }
}

function pointsOf({ condition, suppressedWhen }: AlarmRule): readonly PointRef[] {
  const own = condition.kind === "when" ? condition.expression.points : [condition.point];
  return [...own, ...(suppressedWhen?.points ?? [])];
}
