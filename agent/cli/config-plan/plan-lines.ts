import type { PlanSnapshot } from "../../config/snapshot/outputs.ts";
import type { PlanTime, StepTime } from "../../config/timing/plan-time.ts";
import type { Paint } from "../paint.ts";
import { formatValue } from "../format-value.ts";
import { durationText } from "./figures.ts";

/** The fail-safe plan: how long it may take on each bus, and where the time goes. */
export function planLines(plan: PlanSnapshot, times: readonly PlanTime[], paint: Paint): readonly string[] {
  const limit = `it may take ${durationText(plan.finishMsMax)}`;
  return [`${paint("bold", "fail-safe plan")}  ${limit}`, ...times.flatMap((time) => busLines(time, plan, paint))];
}

function busLines(time: PlanTime, { finishMsMax }: PlanSnapshot, paint: Paint): readonly string[] {
  const { bus, steps, fromDeathMs, fromTriggerMs, usualMs, openMs, againMs, underWayMs, stepsMs } = time;
  const colour = fromDeathMs > finishMsMax ? "red" : "green";
  const worst = `${durationText(fromDeathMs)} from the death of the process, ${durationText(fromTriggerMs)} from a trigger`;
  const restartMs = fromDeathMs - stepsMs - openMs - againMs;
  return [
    `  ${bus.name}  usually ${durationText(usualMs)}, at worst ${paint(colour, worst)}`,
    `    ${paint("dim", `starting again ${durationText(restartMs)}, opening ${durationText(openMs)}, a request under way ${durationText(underWayMs)}, a step spoilt by it ${durationText(againMs)}, steps:`)}`,
    ...steps.map(stepLine),
  ];
}

function stepLine({ step, worstMs, usualMs }: StepTime, index: number): string {
  const wait = step.waitMs === 0 ? "" : `after ${durationText(step.waitMs)}, `;
  const what = `${step.output} = ${formatValue(step.value)}`;
  return `    ${String(index + 1).padStart(2)}. ${what.padEnd(40)}  ${wait}usually ${durationText(usualMs - step.waitMs)}, at worst ${durationText(worstMs - step.waitMs)}`;
}
