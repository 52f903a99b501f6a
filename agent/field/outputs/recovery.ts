import type { OutputGuard, OutputRecovery } from "../../config/snapshot/outputs.ts";
import type { OutputsState } from "./state.ts";

/** What a start of `field` is: the first since the machine came up, a later one, or nobody can tell. */
export type StartKind = "start" | "restart" | "unknown";

/** @param machine names this start of the machine; undefined where nobody can tell */
export function startKind(state: OutputsState | undefined, machine: string | undefined): StartKind {
  if (machine === undefined || state === undefined) return "unknown";
  // it did not know then, so it cannot compare now
  if (state.machine === undefined) return "unknown";
  return state.machine === machine ? "restart" : "start";
}

/** From what moves nothing towards what may start something, after what stops it. */
const SAFEST_FIRST: readonly OutputRecovery[] = ["plan", "leave", "last-commanded"];

/** What becomes of an output now; where it is not known what kind of start this is, the safer of its two words. */
export function recoveryOf({ onStart, onRestart }: OutputGuard, kind: StartKind): OutputRecovery {
  if (kind === "start") return onStart;
  if (kind === "restart") return onRestart;
  return SAFEST_FIRST.find((one) => one === onStart || one === onRestart) ?? "leave";
}
