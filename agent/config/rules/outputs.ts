import { OUTPUTS_MAX } from "../../contract/outputs.ts";
import { READ_BACK_POLLS } from "../schema/output.ts";
import { pointsRead } from "../expression/index.ts";
import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import { outputsOf } from "../outputs-of.ts";
import type { FileOutput } from "../outputs-of.ts";
import { quote } from "../quote.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { Device } from "../schema/device.ts";
import type { PointRef } from "../snapshot/expression.ts";
import { checkExpression } from "./expression.ts";
import type { Inquiry } from "./inquiry.ts";
import { checkExclusions, checkRequirements } from "./output-circles.ts";

/** What holds for all outputs together, and for what each of them asks of other points. */
export function checkOutputs(file: Loose<GatewayFile>, inquiry: Inquiry): void {
  const outputs = new Map([...outputsOf(file)].map((output) => [output.ref, output] as const));
  const steps = new Set((file.plan?.steps ?? []).map((step) => step?.output));
  const beyond = [...outputs.values()][OUTPUTS_MAX];
  if (beyond !== undefined) {
    const message = `the file has ${outputs.size} outputs, a gateway takes ${OUTPUTS_MAX}`;
    inquiry.say("CONFIG_SIZE", beyond.path, message, "divide the plant between several gateways", "key");
  }
  for (const output of outputs.values()) {
    checkBusSpeaks(output, inquiry);
    checkConditions(output, inquiry);
    checkReadBack(output, inquiry);
    checkRecovery(output, steps, inquiry);
    for (const [e, ref] of (output.output.excludes ?? []).entries())
      if (ref !== undefined) checkOutputRef(ref, outputs, [...output.path, "excludes", e], inquiry);
  }
  checkExclusions(outputs, inquiry);
  checkRequirements(outputs, inquiry);
}

/** Says where a reference leads to no output. */
export function checkOutputRef(
  ref: PointRef,
  outputs: ReadonlyMap<PointRef, FileOutput>,
  path: Path,
  inquiry: Inquiry,
): FileOutput | undefined {
  const found = outputs.get(ref);
  if (found !== undefined) return found;
  if (inquiry.points.named(ref)) {
    const message = `${quote(ref)} is a point, and not declared as an output`;
    inquiry.say("CONFIG_OUTPUT_NONE", path, message, "add `output: {}` to the point, or name an output");
    return undefined;
  }
  const near = inquiry.points.nearest(ref, [...outputs.keys()]);
  const hint =
    near === undefined ? "write device and point as the file names them: device/point" : `did you mean ${near}?`;
  inquiry.say("CONFIG_POINT_UNKNOWN", path, `the file has no output ${quote(ref)}`, hint);
  return undefined;
}

function checkBusSpeaks({ bus, path }: FileOutput, inquiry: Inquiry): void {
  if (bus.listenOnly !== true) return;
  const message = `the bus ${quote(bus.name ?? "")} only listens: nothing is ever written on it`;
  inquiry.say("CONFIG_OUTPUT_LISTEN_ONLY", path, message, "delete the output, or listenOnly of the bus", "key");
}

/** Each condition is there, comes to true or false, and does not ask the output about itself. */
function checkConditions({ ref, output, path }: FileOutput, inquiry: Inquiry): void {
  const conditions: (readonly [string | undefined, Path])[] = [[output.remoteEnable, [...path, "remoteEnable"]]];
  for (const [index, permissive] of (output.permissives ?? []).entries())
    conditions.push([permissive?.when, [...path, "permissives", index, "when"]]);
  for (const [text, at] of conditions) {
    if (text === undefined) continue;
    checkExpression(text, "bool", at, inquiry);
    if (!pointsRead(text).includes(ref)) continue;
    const message = `the condition reads ${quote(ref)}, the very output that it is to allow`;
    const hint = "name what the machine says of itself: an input, another output; use `excludes` for other outputs";
    inquiry.say("CONFIG_OUTPUT_SELF", at, message, hint);
  }
}

function checkReadBack({ device, point, output, path }: FileOutput, inquiry: Inquiry): void {
  const { readBackMsMax } = output;
  const pollMs = point.pollMs ?? device.pollMs ?? defaultOf(Device.properties.pollMs);
  if (readBackMsMax === undefined || readBackMsMax > pollMs) return;
  const message = `the point is read every ${pollMs} ms and a read-back may be ${readBackMsMax} ms old: writes would be refused most of the time`;
  const hint = `write at least ${READ_BACK_POLLS * pollMs}, or a shorter pollMs`;
  inquiry.say("CONFIG_OUTPUT_READ_BACK", [...path, "readBackMsMax"], message, hint);
}

/** What is to happen without anybody asking must be possible, and allowed by something at the machine. */
function checkRecovery({ ref, output, path }: FileOutput, steps: ReadonlySet<unknown>, inquiry: Inquiry): void {
  const conditions = (output.remoteEnable === undefined ? 0 : 1) + (output.permissives?.length ?? 0);
  for (const key of ["onStart", "onRestart", "onHold", "onUplinkLost"] as const) {
    const policy = output[key];
    if (policy === "last-commanded" && conditions === 0) {
      const message = `${key} would write what was last commanded, and nothing at the machine says that it may`;
      const hint = "add `remoteEnable` or a permissive, or write leave";
      inquiry.say("CONFIG_OUTPUT_RECOVERY", [...path, key], message, hint);
    }
    const wantsStep = policy === "plan" || (key === "onUplinkLost" && policy !== undefined);
    if (!wantsStep || steps.has(ref)) continue;
    const message = `${key} asks for the step of ${quote(ref)} in the plan, which has none`;
    inquiry.say(
      "CONFIG_PLAN_MISSING",
      [...path, key],
      message,
      `add \`- { output: ${ref}, value: … }\` to plan.steps`,
      "key",
    );
  }
}
