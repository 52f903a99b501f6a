import type { PointTypes } from "../expression/point-types.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { AlarmRule, Alarms } from "../schema/alarms.ts";
import { Hysteresis, Rate, Unchanged } from "../schema/alarm-conditions.ts";
import type { AlarmCondition, AlarmRule as AlarmRuleSnapshot, AlarmsSnapshot } from "../snapshot/logic.ts";
import { buildExpression } from "./expression.ts";

export function buildAlarms({ alarms }: GatewayFile, points: PointTypes): AlarmsSnapshot | undefined {
  if (alarms === undefined) return undefined;
  return {
    device: alarms.device ?? defaultOf(Alarms.properties.device),
    system: { ...alarms.system },
    rules: (alarms.rules ?? []).map((rule) => buildRule(rule, points)),
  };
}

function buildRule(rule: AlarmRule, points: PointTypes): AlarmRuleSnapshot {
  const { properties } = AlarmRule;
  const { name, text, suppressedWhen } = rule;
  return {
    name,
    priority: rule.priority ?? defaultOf(properties.priority),
    text: { en: text.en, ...(text.de === undefined ? {} : { de: text.de }) },
    condition: buildCondition(rule, points),
    onDelayMs: rule.onDelayMs ?? defaultOf(properties.onDelayMs),
    offDelayMs: rule.offDelayMs ?? defaultOf(properties.offDelayMs),
    acknowledge: rule.acknowledge ?? defaultOf(properties.acknowledge),
    ...(suppressedWhen === undefined ? {} : { suppressedWhen: buildExpression(suppressedWhen, points) }),
    shelveMsMax: rule.shelveMsMax ?? defaultOf(properties.shelveMsMax),
  };
}

function buildCondition(rule: AlarmRule, points: PointTypes): AlarmCondition {
  const { rate, state, unchanged, noValue, when } = rule;
  for (const kind of ["high", "low"] as const) {
    const limit = rule[kind];
    if (limit !== undefined) return { kind, ...limit, hysteresis: limit.hysteresis ?? defaultOf(Hysteresis) };
  }
  if (rate !== undefined) {
    const windowMs = rate.windowMs ?? defaultOf(Rate.properties.windowMs);
    return { kind: "rate", ...rate, windowMs, hysteresis: rate.hysteresis ?? defaultOf(Hysteresis) };
  }
  if (state !== undefined) return { kind: "state", ...state };
  if (unchanged !== undefined) {
    const deadband = unchanged.deadband ?? defaultOf(Unchanged.properties.deadband);
    return { kind: "unchanged", ...unchanged, deadband };
  }
  if (noValue !== undefined) return { kind: "no-value", ...noValue };
  if (when !== undefined) return { kind: "when", expression: buildExpression(when, points) };
  throw new TypeError("an alarm without a condition was to be built");
}
