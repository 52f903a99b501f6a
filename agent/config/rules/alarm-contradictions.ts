import { quote } from "../quote.ts";
import type { Loose } from "../loose.ts";
import type { AlarmRule } from "../schema/alarms.ts";
import type { PointRef } from "../snapshot/expression.ts";
import type { Inquiry } from "./inquiry.ts";

interface Limit {
  readonly limit: number;
  readonly name: string | undefined;
}

/** Where a high limit is below a low limit of the same point, one of the two always holds, and often both. */
export function checkContradictions(rules: readonly (Loose<AlarmRule> | undefined)[], inquiry: Inquiry): void {
  /** the highest of the low limits of each point */
  const lows = new Map<PointRef, Limit>();
  for (const rule of rules) {
    const { point, limit } = rule?.low ?? {};
    if (point === undefined || limit === undefined) continue;
    const highest = lows.get(point);
    if (highest === undefined || limit > highest.limit) lows.set(point, { limit, name: rule?.name });
  }
  for (const [r, rule] of rules.entries()) {
    const { point, limit } = rule?.high ?? {};
    const low = point === undefined ? undefined : lows.get(point);
    if (point === undefined || limit === undefined || low === undefined || limit >= low.limit) continue;
    const other = low.name === undefined ? "another alarm" : quote(low.name);
    const message = `high at ${limit}, while ${other} has low at ${low.limit} of the same point: one of them always holds`;
    const hint = `write a limit of at least ${low.limit}, or a lower one there`;
    inquiry.say("CONFIG_ALARM_CONDITION", ["alarms", "rules", r, "high", "limit"], message, hint);
  }
}
