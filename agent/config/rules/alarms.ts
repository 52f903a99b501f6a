import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import type { GatewayFile } from "../schema.ts";
import type { AlarmRule } from "../schema/alarms.ts";
import { checkCondition } from "./alarm-condition.ts";
import { checkContradictions } from "./alarm-contradictions.ts";
import { pointLimits } from "./alarm-limits.ts";
import { checkExpression, refuseAlarmRefs } from "./expression.ts";
import type { Inquiry } from "./inquiry.ts";

const CONDITIONS = ["high", "low", "rate", "state", "unchanged", "noValue", "when"] as const;

/** What holds for alarms: one condition each, about something that is there and can both hold and not hold. */
export function checkAlarms(file: Loose<GatewayFile>, inquiry: Inquiry): void {
  const rules = file.alarms?.rules ?? [];
  if (rules.length === 0) return;
  const limits = pointLimits(file);
  for (const [r, rule] of rules.entries()) {
    if (rule === undefined) continue;
    const path = ["alarms", "rules", r];
    checkOneCondition(rule, path, inquiry);
    checkCondition(rule, limits, path, inquiry);
    for (const key of ["when", "suppressedWhen"] as const) {
      const text = rule[key];
      if (text === undefined) continue;
      refuseAlarmRefs(text, file, [...path, key], inquiry);
      checkExpression(text, "bool", [...path, key], inquiry);
    }
  }
  checkContradictions(rules, inquiry);
}

function checkOneCondition(rule: Loose<AlarmRule>, path: Path, inquiry: Inquiry): void {
  const written = CONDITIONS.filter((key) => Object.hasOwn(rule, key));
  if (written.length === 1) return;
  const [, second] = written;
  if (second === undefined) {
    const hint = `add one of ${CONDITIONS.join(", ")}`;
    inquiry.say("CONFIG_ALARM_CONDITION", path, "this alarm has no condition", hint);
    return;
  }
  const message = `this alarm has ${written.length} conditions: ${written.join(", ")}`;
  const hint = "make each an alarm of its own, or join them in one `when`";
  inquiry.say("CONFIG_ALARM_CONDITION", [...path, second], message, hint, "key");
}
