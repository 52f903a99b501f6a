import { formatPath } from "../findings.ts";
import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import { outputsOf } from "../outputs-of.ts";
import type { FileOutput } from "../outputs-of.ts";
import { defaultType, pointCount } from "../point-size.ts";
import { quote } from "../quote.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import type { Plan } from "../schema/plan.ts";
import { Point } from "../schema/point.ts";
import { PLAN_CAUSES } from "../snapshot/outputs.ts";
import type { PointRef } from "../snapshot/expression.ts";
import { checkExpression } from "./expression.ts";
import type { Inquiry } from "./inquiry.ts";
import { misfit } from "./misfit.ts";
import { checkOutputRef } from "./outputs.ts";

type PlainValue = number | boolean | string;

/** What holds for the fail-safe plan but for the time that it takes. */
export function checkPlan(file: Loose<GatewayFile>, inquiry: Inquiry): void {
  const { plan } = file;
  if (plan === undefined) return;
  checkTriggers(plan, inquiry);
  const outputs = new Map([...outputsOf(file)].map((output) => [output.ref, output] as const));
  const seen = new Map<PointRef, Path>();
  const on = new Map<PointRef, Path>();
  for (const [s, step] of (plan.steps ?? []).entries()) {
    const path = ["plan", "steps", s];
    if (step?.output === undefined) continue;
    const target = checkOutputRef(step.output, outputs, [...path, "output"], inquiry);
    const earlier = seen.get(step.output);
    if (earlier !== undefined) {
      const message = `${quote(step.output)} has a step already, ${formatPath(earlier)}: which of the two would hold nobody could say`;
      inquiry.say("CONFIG_PLAN_STEP", [...path, "output"], message, "keep the one that is safe");
      continue;
    }
    seen.set(step.output, path);
    if (target === undefined || step.value === undefined) continue;
    checkValue(target, step.value, [...path, "value"], inquiry);
    if (step.value !== false && step.value !== 0) on.set(step.output, path);
  }
  checkExclusions(on, outputs, inquiry);
}

/** A value that cannot be written would show on the day when the plan is due. */
function checkValue({ point, output }: FileOutput, value: PlainValue, path: Path, inquiry: Inquiry): void {
  const { table } = point;
  if (table === undefined || !inquiry.whole(point) || !inquiry.whole(output)) return;
  const type = point.type ?? defaultType(table);
  if (type === "record") return;
  const bytesPerRegister = point.byteLocation === undefined || point.byteLocation === "both" ? 2 : 1;
  const receiver = {
    type,
    scale: point.scale ?? defaultOf(Point.properties.scale),
    offset: point.offset ?? defaultOf(Point.properties.offset),
    textBytes: bytesPerRegister * pointCount(type, point.length),
    low: output.low,
    high: output.high,
  };
  const found = misfit(receiver, value);
  if (found !== undefined) inquiry.say("CONFIG_PLAN_STEP", path, found.message, found.hint);
}

/** @param on the steps that switch something on */
function checkExclusions(
  on: ReadonlyMap<PointRef, Path>,
  outputs: ReadonlyMap<PointRef, FileOutput>,
  inquiry: Inquiry,
): void {
  for (const [ref, path] of on)
    for (const other of outputs.get(ref)?.output.excludes ?? []) {
      const otherPath = other === undefined || other === ref ? undefined : on.get(other);
      if (other === undefined || otherPath === undefined) continue;
      const message = `the plan switches on ${quote(ref)} and, in ${formatPath(otherPath)}, ${quote(other)}: the two exclude each other`;
      inquiry.say("CONFIG_PLAN_STEP", [...path, "value"], message, "switch one of them off");
    }
}

function checkTriggers(plan: Loose<Plan>, inquiry: Inquiry): void {
  const first = new Map<string, Path>();
  for (const [t, trigger] of (plan.triggers ?? []).entries()) {
    if (trigger === undefined) continue;
    const path = ["plan", "triggers", t];
    if (trigger.when !== undefined) checkExpression(trigger.when, "bool", [...path, "when"], inquiry);
    const { name } = trigger;
    if (name === undefined) continue;
    const taken = (PLAN_CAUSES as readonly string[]).includes(name);
    const earlier = first.get(name);
    first.set(name, earlier ?? path);
    if (!taken && earlier === undefined) continue;
    const owner = earlier === undefined ? "what the gateway itself calls a cause" : formatPath(earlier);
    const message = `the trigger name ${quote(name)} is already taken by ${owner}`;
    inquiry.say(
      "CONFIG_NAME_DUPLICATE",
      [...path, "name"],
      message,
      `write another name, such as ${quote(`${name}-2`)}`,
    );
  }
}
