import type { BusSnapshot, DeviceSnapshot, FieldSnapshot, ScalarSnapshot } from "../../../../agent/config/snapshot.ts";
import type { Expression } from "../../../../agent/config/snapshot/expression.ts";
import type { OutputGuard, PlanSnapshot, PlanStep } from "../../../../agent/config/snapshot/outputs.ts";
import { compileExpression } from "../../../../agent/config/expression/index.ts";
import { bus, device, field, point } from "../snapshots.ts";

export const LINE = "/dev/ttyS0";

/** An expression over points of the pumping line below, all of them bool or number. */
export function when(text: string): Expression {
  const compiled = compileExpression(text, (ref) => (ref.endsWith("level") ? "number" : "bool"));
  if ("error" in compiled) throw new Error(compiled.error.message);
  return compiled.expression;
}

export function guard(over: Partial<OutputGuard> = {}): OutputGuard {
  return {
    intervalMsMin: 0,
    permissives: [],
    excludes: [],
    readBackMsMax: 60_000,
    onStart: "leave",
    onRestart: "leave",
    onHold: "leave",
    ...over,
  };
}

export function plan(steps: readonly Partial<PlanStep>[], over: Partial<PlanSnapshot> = {}): PlanSnapshot {
  return {
    steps: steps.map((step) => ({ output: "pump/run", value: false, waitMs: 0, ...step })),
    triggers: [],
    finishMsMax: 60_000,
    bumpless: false,
    worstCaseMs: { line: 2_000 },
    ...over,
  };
}

/** A coil that is an output. */
export function coil(name: string, address: number, over: Partial<OutputGuard> = {}): ScalarSnapshot {
  return point(name, { table: "coil", address, output: { write: "single", guard: guard(over) } });
}

export function speed(over: Partial<OutputGuard> = {}): ScalarSnapshot {
  return point("speed", { address: 3, output: { write: "single", low: 0, high: 100, guard: guard(over) } });
}

/** Unit 1, `pump`: what it is given, and `remote` (coil 8) and `level` (register 9) that others look at. */
export function pump(points: readonly ScalarSnapshot[], over: Partial<DeviceSnapshot> = {}): DeviceSnapshot {
  const looked = [point("remote", { table: "coil", address: 8 }), point("level", { address: 9 })];
  return device("pump", 1, { points: [...points, ...looked], ...over });
}

export function pumping(
  devices: readonly DeviceSnapshot[],
  over: Partial<FieldSnapshot> & { readonly bus?: Partial<BusSnapshot> } = {},
): FieldSnapshot {
  const { bus: busOver, ...fieldOver } = over;
  return field([bus("line", devices, busOver)], fieldOver);
}
