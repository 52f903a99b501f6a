import type { FieldSnapshot } from "../snapshot.ts";
import type { PointRef } from "../snapshot/expression.ts";
import type { OutputGuard } from "../snapshot/outputs.ts";

/** What is allowed and still worth knowing before the day it matters. */
export interface Note {
  readonly code: "LOSS_TIMER_UNKNOWN" | "PLAN_LEAVES_OUTPUT" | "PLAN_ONLY_BY_HAND";
  /** device, or `device/point` */
  readonly about: string;
  readonly message: string;
}

/** With the bus cut, nothing but a device's own timer acts on its outputs. */
export function lossTimerNotes(field: FieldSnapshot): readonly Note[] {
  const devices = field.buses.flatMap((bus) => bus.devices);
  return devices.flatMap((device): readonly Note[] => {
    const writes = device.points.some((point) => point.type !== "record" && point.output !== undefined);
    if (!writes || device.communicationLossTimer !== undefined) return [];
    const message = `${device.name} has outputs, and nobody has said whether it has a communication-loss timer: with the bus cut, nothing else acts on them. Write \`communicationLossTimer: { point: … }\`, or \`{ none: true }\``;
    return [{ code: "LOSS_TIMER_UNKNOWN", about: device.name, message }];
  });
}

export function planNotes({ buses, plan }: FieldSnapshot): readonly Note[] {
  if (plan === undefined) return [];
  const steps = new Set(plan.steps.map(({ output }) => output));
  const left: PointRef[] = [];
  let unattended = plan.triggers.length > 0;
  for (const bus of buses)
    for (const device of bus.devices)
      for (const point of device.points) {
        if (point.type === "record" || point.output === undefined) continue;
        const ref = `${device.name}/${point.name}`;
        if (!steps.has(ref)) left.push(ref);
        unattended ||= asksForPlan(point.output.guard);
      }
  const notes = left.map((about): Note => {
    return { code: "PLAN_LEAVES_OUTPUT", about, message: `${about} has no step: the plan leaves it as it is` };
  });
  if (unattended) return notes;
  const message =
    "nothing makes the plan due but an operator's `holdfast outputs to-plan`: it has no triggers, and no output asks for it";
  return [...notes, { code: "PLAN_ONLY_BY_HAND", about: "plan", message }];
}

function asksForPlan(guard: OutputGuard | undefined): boolean {
  if (guard === undefined) return false;
  const { onStart, onRestart, uplinkLostPlanMs } = guard;
  return onStart === "plan" || onRestart === "plan" || uplinkLostPlanMs !== undefined;
}
