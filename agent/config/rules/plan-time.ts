import type { PlanSnapshot } from "../snapshot/outputs.ts";
import type { BusSnapshot } from "../snapshot.ts";
import { planTimes } from "../timing/plan-time.ts";
import type { PlanTime } from "../timing/plan-time.ts";
import { quote } from "../quote.ts";
import type { Inquiry } from "./inquiry.ts";

/** A plan is refused that may take longer than its file allows, on devices that answer. */
export function checkPlanTime(plan: PlanSnapshot | undefined, buses: readonly BusSnapshot[], inquiry: Inquiry): void {
  if (plan === undefined) return;
  const slow = planTimes(buses, plan.steps).filter(({ fromDeathMs }) => Math.ceil(fromDeathMs) > plan.finishMsMax);
  if (slow.length === 0) return;
  const each = slow.map((time) => `${quote(time.bus.name)} ${Math.ceil(time.fromDeathMs)} ms`).join(", ");
  const message = `the plan may take ${plan.finishMsMax} ms, and in the worst case takes on ${each}: ${slow.map(costliest).join("; ")}`;
  const least = Math.max(...slow.map(({ fromDeathMs }) => Math.ceil(fromDeathMs)));
  const hint = `write \`finishMsMax: ${least}\` or more, a shorter timeoutMs where devices answer faster, or fewer steps on that bus; \`holdfast config plan\` shows every step`;
  inquiry.say("CONFIG_PLAN_TIME", ["plan", "finishMsMax"], message, hint);
}

/** What of it the file can change most. */
function costliest({ steps }: PlanTime): string {
  const byDevice = Map.groupBy(steps, ({ device }) => device);
  const costs = [...byDevice].map(([device, of]) => ({
    device,
    of,
    ms: of.reduce((all, { worstMs }) => all + worstMs, 0),
  }));
  const most = costs.reduce((best, cost) => (cost.ms > best.ms ? cost : best));
  const { name, timeoutMs } = most.device;
  return `most of it waits for ${quote(name)}, ${most.of.length} ${most.of.length === 1 ? "step" : "steps"} of twice its timeoutMs of ${timeoutMs}`;
}
