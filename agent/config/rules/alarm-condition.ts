import type { ValueType } from "../expression/index.ts";
import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import { quote } from "../quote.ts";
import type { AlarmRule } from "../schema/alarms.ts";
import type { PointRef } from "../snapshot/expression.ts";
import type { PointLimits } from "./alarm-limits.ts";
import { checkPointRef } from "./expression.ts";
import type { Inquiry } from "./inquiry.ts";

const KINDS = { bool: "true or false", number: "a number", string: "a text" } as const;

type Rule = Loose<AlarmRule>;
type Limits = ReadonlyMap<PointRef, PointLimits>;

/** Whether each condition of a rule fits its point, and can both begin and end. */
export function checkCondition(rule: Rule, limits: Limits, path: Path, inquiry: Inquiry): void {
  checkLimit("high", rule, limits, path, inquiry);
  checkLimit("low", rule, limits, path, inquiry);
  checkRate(rule.rate, [...path, "rate"], inquiry);
  checkState(rule.state, [...path, "state"], inquiry);
  checkUnchanged(rule.unchanged, limits, [...path, "unchanged"], inquiry);
  if (rule.noValue?.point !== undefined) checkPointRef(rule.noValue.point, [...path, "noValue", "point"], inquiry);
}

function checkLimit(key: "high" | "low", rule: Rule, limits: Limits, path: Path, inquiry: Inquiry): void {
  const condition = rule[key];
  if (condition?.point === undefined) return;
  const here = [...path, key];
  if (!isNumber(condition.point, key, here, inquiry) || condition.limit === undefined) return;
  const { low = -Infinity, high = Infinity } = limits.get(condition.point) ?? {};
  const { limit, hysteresis = 0 } = condition;
  if (limit < low || limit > high) {
    const message = `the limit ${limit} is outside the range of ${quote(condition.point)}, ${low} to ${high}`;
    inquiry.say("CONFIG_ALARM_CONDITION", [...here, "limit"], message, "write a limit within it, or widen the range");
    return;
  }
  const back = key === "high" ? limit - hysteresis : limit + hysteresis;
  if (back > low && back < high) return;
  if (hysteresis === 0) return;
  const message = `the alarm would return at ${back}, which ${quote(condition.point)} with its range ${low} to ${high} does not reach`;
  inquiry.say("CONFIG_ALARM_CONDITION", [...here, "hysteresis"], message, "write a smaller hysteresis");
}

function checkRate(rate: Rule["rate"], path: Path, inquiry: Inquiry): void {
  if (rate?.point === undefined) return;
  if (!isNumber(rate.point, "rate", path, inquiry)) return;
  const { perSecondMax, hysteresis = 0 } = rate;
  if (perSecondMax === undefined) return;
  if (perSecondMax <= 0) {
    const message = `perSecondMax is ${perSecondMax}: any change at all is faster`;
    inquiry.say("CONFIG_ALARM_CONDITION", [...path, "perSecondMax"], message, "write more than 0");
  } else if (hysteresis >= perSecondMax) {
    const message = `the alarm would return below ${perSecondMax - hysteresis} in a second, which is never`;
    inquiry.say("CONFIG_ALARM_CONDITION", [...path, "hysteresis"], message, `write less than ${perSecondMax}`);
  }
}

function checkState(state: Rule["state"], path: Path, inquiry: Inquiry): void {
  if (state?.point === undefined) return;
  const type = checkPointRef(state.point, [...path, "point"], inquiry);
  if (type === undefined || state.is === undefined) return;
  const written = kindOf(state.is);
  if (written === type) return;
  const message = `${quote(state.point)} is ${KINDS[type]}, ${JSON.stringify(state.is)} is ${KINDS[written]}`;
  const hint = type === "bool" ? "write true or false, without quotes" : `write ${KINDS[type]}`;
  inquiry.say("CONFIG_ALARM_CONDITION", [...path, "is"], message, hint);
}

function checkUnchanged(unchanged: Rule["unchanged"], limits: Limits, path: Path, inquiry: Inquiry): void {
  if (unchanged?.point === undefined) return;
  const type = checkPointRef(unchanged.point, [...path, "point"], inquiry);
  const everyMs = limits.get(unchanged.point)?.everyMs ?? 0;
  if (unchanged.forMs !== undefined && unchanged.forMs < everyMs) {
    const message = `every value of ${quote(unchanged.point)} lasts ${everyMs} ms, longer than forMs: ${unchanged.forMs}`;
    const hint = `write several times ${everyMs}, or read the point more often`;
    inquiry.say("CONFIG_ALARM_CONDITION", [...path, "forMs"], message, hint);
  }
  if (type === undefined || type === "number" || unchanged.deadband === undefined) return;
  const message = `"deadband" has no effect, since ${quote(unchanged.point)} is ${KINDS[type]}`;
  inquiry.say("CONFIG_KEY_MEANINGLESS", [...path, "deadband"], message, "delete the line", "key");
}

function isNumber(ref: PointRef, what: string, path: Path, inquiry: Inquiry): boolean {
  const type = checkPointRef(ref, [...path, "point"], inquiry);
  if (type === undefined || type === "number") return type !== undefined;
  const message = `${quote(ref)} is ${KINDS[type]}, ${what} wants a number`;
  inquiry.say("CONFIG_ALARM_CONDITION", [...path, "point"], message, "write `state: { point: …, is: … }` instead");
  return false;
}

function kindOf(value: boolean | number | string): ValueType {
  return typeof value === "boolean" ? "bool" : typeof value === "number" ? "number" : "string";
}
