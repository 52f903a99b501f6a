import type { PointTypes } from "../expression/point-types.ts";
import { outputsOf } from "../outputs-of.ts";
import type { FileOutput } from "../outputs-of.ts";
import { fittingWrites } from "../rules/output.ts";
import type { Target } from "../rules/output.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { Output, READ_BACK_MS_MIN, READ_BACK_POLLS } from "../schema/output.ts";
import type { BusSnapshot, PointSnapshot } from "../snapshot.ts";
import type { PointRef } from "../snapshot/expression.ts";
import type { OutputGuard, OutputSnapshot } from "../snapshot/outputs.ts";
import { buildExpression } from "./expression.ts";

/** How an output is written, and its range. What guards it follows once every point is known. */
export function buildOutput(output: Output, target: Target): OutputSnapshot {
  const { low, high } = output;
  const [usual = "multiple"] = fittingWrites(target);
  return {
    write: output.write ?? usual,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
  };
}

/** The buses with what guards each output. One that declares no more than its range has no guard. */
export function guardOutputs(
  file: GatewayFile,
  buses: readonly BusSnapshot[],
  points: PointTypes,
): readonly BusSnapshot[] {
  const outputs = new Map([...outputsOf(file)].map((one) => [one.ref, one] as const));
  if (outputs.size === 0) return buses;
  const excludes = bothWays(outputs.values());
  const guarded = (ref: PointRef, point: PointSnapshot): PointSnapshot => {
    const { output } = (outputs.get(ref) ?? {}) as { readonly output?: Output };
    if (point.type === "record" || point.output === undefined || output === undefined) return point;
    const others = [...(excludes.get(ref) ?? [])].toSorted();
    const { write: _, low: _low, high: _high, ...more } = output;
    if (Object.keys(more).length === 0 && others.length === 0) return point;
    return { ...point, output: { ...point.output, guard: buildGuard(output, point.pollMs, others, points) } };
  };
  return buses.map((bus) => ({
    ...bus,
    devices: bus.devices.map((device) => ({
      ...device,
      points: device.points.map((point) => guarded(`${device.name}/${point.name}`, point)),
    })),
  }));
}

function buildGuard(output: Output, pollMs: number, excludes: readonly PointRef[], points: PointTypes): OutputGuard {
  const { intervalMsMin, onStart, onRestart, onHold } = Output.properties;
  const { ratePerSecondMax, remoteEnable, onUplinkLost } = output;
  return {
    ...(ratePerSecondMax === undefined ? {} : { ratePerSecondMax }),
    intervalMsMin: output.intervalMsMin ?? defaultOf(intervalMsMin),
    ...(remoteEnable === undefined ? {} : { remoteEnable: buildExpression(remoteEnable, points) }),
    permissives: (output.permissives ?? []).map(({ when, text }) => ({
      when: buildExpression(when, points),
      ...(text === undefined ? {} : { text }),
    })),
    excludes,
    readBackMsMax: output.readBackMsMax ?? Math.max(READ_BACK_MS_MIN, READ_BACK_POLLS * pollMs),
    onStart: output.onStart ?? defaultOf(onStart),
    onRestart: output.onRestart ?? defaultOf(onRestart),
    ...(onUplinkLost === undefined ? {} : { uplinkLostPlanMs: onUplinkLost.planAfterMs }),
    onHold: output.onHold ?? defaultOf(onHold),
  };
}

function bothWays(outputs: Iterable<FileOutput>): ReadonlyMap<PointRef, ReadonlySet<PointRef>> {
  const found = new Map<PointRef, Set<PointRef>>();
  const add = (ref: PointRef, other: PointRef): void => void found.set(ref, (found.get(ref) ?? new Set()).add(other));
  for (const { ref, output } of outputs)
    for (const other of output.excludes ?? []) {
      if (other === undefined) continue;
      add(ref, other);
      add(other, ref);
    }
  return found;
}
