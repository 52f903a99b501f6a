import type { FieldSnapshot, ScalarSnapshot } from "../../config/snapshot.ts";
import { PLAN_CAUSES } from "../../config/snapshot/outputs.ts";
import { OUTPUTS_MAX } from "../../contract/outputs.ts";
import { encodeValue } from "../points/encode.ts";
import { checkExpression, isPlain, POINT_REF } from "./check-expression.ts";
import { NAME } from "./check-value.ts";
import type { Fields } from "./fields.ts";
import { ConfigurationError } from "./refusal.ts";

const HOUR_MS = 3_600_000;
const TRIGGERS_MAX = 32;

/**
 * What holds between outputs, and the fail-safe plan: on the day that it is due, every step of it can be written.
 * @param field whose buses have been checked
 * @throws {ConfigurationError}
 */
export function checkOutputsAndPlan(field: Fields): void {
  const outputs = outputsOf(field.raw("buses") as FieldSnapshot["buses"]);
  if (outputs.size > OUTPUTS_MAX) refuse(field, `${outputs.size} outputs, at most ${OUTPUTS_MAX} are taken`);
  const steps = field.has("plan") ? checkPlan(field.object("plan"), outputs) : new Set<string>();
  for (const [ref, { output }] of outputs) {
    const { excludes = [], onStart, onRestart, onHold, uplinkLostPlanMs } = output?.guard ?? {};
    for (const other of excludes) {
      // said at one of them alone, it would hold in one of two orders
      const both = other !== ref && outputs.get(other)?.output?.guard?.excludes.includes(ref) === true;
      if (!both) refuse(field, `${ref} excludes ${other}, which does not exclude it`);
    }
    const asks = [onStart, onRestart, onHold].includes("plan") || uplinkLostPlanMs !== undefined;
    if (asks && !steps.has(ref)) refuse(field, `${ref} asks for a step of the plan that is not there`);
  }
}

/** The outputs that have a step. */
function checkPlan(plan: Fields, outputs: ReadonlyMap<string, ScalarSnapshot>): ReadonlySet<string> {
  plan.integer("finishMsMax", 1, HOUR_MS);
  plan.boolean("bumpless");
  const seen = new Set<string>();
  for (const step of plan.list("steps", OUTPUTS_MAX)) {
    const ref = step.text("output", POINT_REF);
    const point = outputs.get(ref);
    if (point === undefined) refuse(step, `there is no output ${ref}`);
    if (seen.has(ref)) refuse(step, `${ref} has a step already`);
    seen.add(ref);
    const value = step.raw("value");
    const encoded = isPlain(value) ? encodeValue(point, value) : undefined;
    if (encoded === undefined || encoded.kind === "refused")
      refuse(step, encoded === undefined ? "no value" : encoded.message);
    step.integer("waitMs", 0, HOUR_MS);
  }
  const names = new Set<string>(PLAN_CAUSES);
  for (const trigger of plan.list("triggers", TRIGGERS_MAX)) {
    const name = trigger.text("name", NAME);
    if (names.has(name)) refuse(trigger, `the name ${name} is taken`);
    names.add(name);
    checkExpression(trigger.object("when"));
    trigger.integer("forMs", 0, HOUR_MS);
  }
  const worst = plan.object("worstCaseMs");
  for (const bus of Object.keys(plan.raw("worstCaseMs") as object)) worst.number(bus);
  return seen;
}

function outputsOf(buses: FieldSnapshot["buses"]): ReadonlyMap<string, ScalarSnapshot> {
  const found = new Map<string, ScalarSnapshot>();
  for (const { devices } of buses)
    for (const device of devices)
      for (const point of device.points)
        if (point.type !== "record" && point.output !== undefined) found.set(`${device.name}/${point.name}`, point);
  return found;
}

function refuse({ where }: Fields, why: string): never {
  throw new ConfigurationError("CONFIG_OUTPUT_INVALID", `${where}: ${why}`);
}
