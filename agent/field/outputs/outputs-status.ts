import type { PlanSnapshot } from "../../config/snapshot/outputs.ts";
import type { PointRef } from "../../config/snapshot/expression.ts";
import type { OutputsStatus, OutputStatus, PlanStatus } from "../../contract/outputs.ts";
import { QUALITIES } from "../../contract/point.ts";
import type { DeclaredOutput } from "./declared.ts";
import type { Refusal } from "./guard.ts";
import type { LiveOutput } from "./live.ts";
import { isHeld } from "./state.ts";
import type { OutputsState } from "./state.ts";

/** As many as the contract takes: the first is what a command would be told. */
const REASONS_MAX = 8;
const REASON_CHARS_MAX = 512;

export function outputStatus(
  output: DeclaredOutput,
  state: OutputsState,
  live: LiveOutput,
  refusals: Iterable<Refusal>,
): OutputStatus {
  const { value, quality } = output.state;
  const { latest } = live;
  const refused: Refusal[] = [];
  for (const { code, message } of refusals) {
    if (refused.length < REASONS_MAX) refused.push({ code, message: message.slice(0, REASON_CHARS_MAX) });
  }
  return {
    output: output.ref,
    state: stateOf(output.ref, state),
    value: Array.isArray(value) ? null : value,
    quality: QUALITIES[quality]?.quality ?? "bad",
    ...(latest === undefined ? {} : { commanded: latest.value, commandedMs: latest.unixMs }),
    ...(refused.length === 0 ? {} : { refused }),
  };
}

function stateOf(ref: PointRef, state: OutputsState): OutputStatus["state"] {
  const planned = state.planned[ref];
  if (planned !== undefined) return planned.pending ? "pending" : "planned";
  return isHeld(state, ref) ? "held" : "free";
}

/** @param failures of steps that were tried and are not confirmed */
export function planStatus(
  { worstCaseMs }: PlanSnapshot,
  state: OutputsState,
  failures: ReadonlyMap<PointRef, string>,
  tookMs: number | undefined,
): PlanStatus {
  const pending = Object.entries(state.planned).flatMap(([ref, planned]) => (planned.pending ? [ref] : []));
  const open = pending.map((output) => ({
    output,
    message: (failures.get(output) ?? "waits for its turn").slice(0, REASON_CHARS_MAX),
  }));
  const { due } = state;
  return {
    state: planState(pending, failures, Object.keys(state.planned).length),
    worstCaseMs: Math.max(0, ...Object.values(worstCaseMs)),
    ...(due === undefined ? {} : { trigger: due.cause, sinceMs: due.sinceMs }),
    ...(tookMs === undefined ? {} : { tookMs }),
    ...(open.length === 0 ? {} : { open }),
  };
}

function planState(
  pending: readonly PointRef[],
  failures: ReadonlyMap<PointRef, string>,
  planned: number,
): PlanStatus["state"] {
  if (planned === 0) return "idle";
  if (pending.length === 0) return "done";
  return pending.some((ref) => failures.has(ref)) ? "incomplete" : "running";
}

/** Who holds what, as status shows it. */
export function holdStatus({ held }: OutputsState): Pick<OutputsStatus, "hold"> {
  return held === undefined ? {} : { hold: { ...held, outputs: [...held.outputs] } };
}
