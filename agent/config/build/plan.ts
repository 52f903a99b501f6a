import type { PointTypes } from "../expression/point-types.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { Plan, PlanStep, PlanTrigger } from "../schema/plan.ts";
import type { BusSnapshot } from "../snapshot.ts";
import type { PlanSnapshot } from "../snapshot/outputs.ts";
import { planTimes } from "../timing/plan-time.ts";
import { buildExpression } from "./expression.ts";

/** @returns undefined where the file has no plan */
export function buildPlan(
  { plan }: GatewayFile,
  buses: readonly BusSnapshot[],
  points: PointTypes,
): PlanSnapshot | undefined {
  if (plan === undefined) return undefined;
  const { finishMsMax, bumpless } = Plan.properties;
  const steps = plan.steps.map(({ output, value, waitMs }) => ({
    output,
    value,
    waitMs: waitMs ?? defaultOf(PlanStep.properties.waitMs),
  }));
  return {
    steps,
    triggers: (plan.triggers ?? []).map(({ name, when, forMs }) => ({
      name,
      when: buildExpression(when, points),
      forMs: forMs ?? defaultOf(PlanTrigger.properties.forMs),
    })),
    finishMsMax: plan.finishMsMax ?? defaultOf(finishMsMax),
    bumpless: plan.bumpless ?? defaultOf(bumpless),
    worstCaseMs: Object.fromEntries(
      planTimes(buses, steps).map(({ bus, fromDeathMs }) => [bus.name, Math.ceil(fromDeathMs)]),
    ),
  };
}
