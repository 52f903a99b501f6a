import { ALARMS_MAX, ALARM_COUNTS, SYSTEM_ALARMS } from "../../contract/alarms.ts";
import { alarmsRosterBytes } from "../../config/snapshot/local-roster.ts";
import { ALARM_MS_MAX, ALARM_PRIORITIES } from "../../config/snapshot/logic.ts";
import type { AlarmRule } from "../../config/snapshot/logic.ts";
import { checkExpression, isPlain, POINT_REF } from "./check-expression.ts";
import { NAME } from "./check-value.ts";
import type { Fields } from "./fields.ts";
import type { LocalSource } from "./local-source.ts";
import { ConfigurationError } from "./refusal.ts";

const TEXT = /^[^\p{Cc}\u2028\u2029]{1,200}$/u;
const KINDS = ["high", "low", "rate", "state", "unchanged", "no-value", "when"] as const;

/** What the part that raises alarms relies on. @throws {ConfigurationError} */
export function checkAlarms(alarms: Fields): LocalSource {
  const device = alarms.text("device", NAME);
  const own = Object.keys(SYSTEM_ALARMS);
  checkSystem(alarms, own);
  const names = new Set<string>([...own, ...ALARM_COUNTS]);
  for (const rule of alarms.list("rules", ALARMS_MAX)) {
    const name = rule.text("name", NAME);
    if (names.has(name)) throw new ConfigurationError("CONFIG_NAME_DUPLICATE", `${rule.where}: ${name} is taken`);
    names.add(name);
    checkRule(rule);
  }
  const rules = alarms.raw("rules") as readonly AlarmRule[];
  return { device, rosterBytesMax: alarmsRosterBytes({ device, rules, system: {} }) };
}

function checkSystem(alarms: Fields, own: readonly string[]): void {
  const settings = alarms.object("system");
  for (const name of Object.keys(alarms.raw("system") as object)) {
    if (!own.includes(name))
      throw new ConfigurationError("CONFIG_SNAPSHOT_MALFORMED", `${settings.where}.${name} is no alarm`);
    settings.oneOf(name, [...ALARM_PRIORITIES, "off"]);
  }
}

function checkRule(rule: Fields): void {
  rule.oneOf("priority", ALARM_PRIORITIES);
  const text = rule.object("text");
  text.text("en", TEXT);
  if (text.has("de")) text.text("de", TEXT);
  rule.integer("onDelayMs", 0, ALARM_MS_MAX);
  rule.integer("offDelayMs", 0, ALARM_MS_MAX);
  rule.integer("shelveMsMax", 0, ALARM_MS_MAX);
  rule.boolean("acknowledge");
  if (rule.has("suppressedWhen")) checkExpression(rule.object("suppressedWhen"));
  checkCondition(rule.object("condition"));
}

function checkCondition(condition: Fields): void {
  const kind = condition.oneOf("kind", KINDS);
  if (kind === "when") {
    checkExpression(condition.object("expression"));
    return;
  }
  condition.text("point", POINT_REF);
  switch (kind) {
    case "high":
    case "low":
      condition.number("limit");
      atLeast(condition, "hysteresis", 0);
      return;
    case "rate":
      condition.number("perSecondMax");
      condition.integer("windowMs", 1, ALARM_MS_MAX);
      atLeast(condition, "hysteresis", 0);
      return;
    case "state":
      if (isPlain(condition.raw("is"))) return;
      throw new ConfigurationError("CONFIG_SNAPSHOT_MALFORMED", `${condition.where}.is is no plain value`);
    case "unchanged":
      condition.integer("forMs", 1, ALARM_MS_MAX);
      atLeast(condition, "deadband", 0);
      return;
    case "no-value":
  }
}

function atLeast(condition: Fields, name: string, least: number): void {
  if (condition.number(name) >= least) return;
  throw new ConfigurationError("CONFIG_SNAPSHOT_MALFORMED", `${condition.where}.${name} is less than ${least}`);
}
