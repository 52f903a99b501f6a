import type { BusSnapshot } from "../../config/snapshot.ts";
import type { DeclaredOutput } from "./declared.ts";
import type { Refusal } from "./guard.ts";
import { isHeld } from "./state.ts";
import type { OutputsState } from "./state.ts";

interface Standing extends Pick<DeclaredOutput, "ref"> {
  readonly bus: { readonly snapshot: Pick<BusSnapshot, "name" | "listenOnly"> };
}

/** What speaks against any command to an output before its own guard is asked. */
export function* standingRefusals({ ref, bus }: Standing, state: OutputsState): Generator<Refusal> {
  const { held, planned, due } = state;
  if (bus.snapshot.listenOnly === true) {
    const message = `${bus.snapshot.name} is listened to only: nothing is ever sent on it`;
    yield { code: "WRITE_LISTEN_ONLY", message };
  }
  if (held !== undefined && isHeld(state, ref)) yield { code: "WRITE_HELD", message: heldBy(state) ?? "" };
  const own = planned[ref];
  if (own === undefined) return;
  const cause = own.causes[0] ?? due?.cause ?? "operator";
  yield { code: "WRITE_IN_PLAN", message: `it belongs to the fail-safe plan (${cause}) until it is released` };
}

/** Undefined where nobody holds anything. */
export function heldBy({ held }: OutputsState): string | undefined {
  return held === undefined ? undefined : `held by ${held.by}: ${held.reason === "" ? "no reason given" : held.reason}`;
}
