import type { PointRef } from "../../config/snapshot/expression.ts";
import type { OutputRecovery } from "../../config/snapshot/outputs.ts";
import type { DeclaredOutput } from "./declared.ts";
import { recoveryOf, startKind } from "./recovery.ts";
import { NOTHING_HELD } from "./state.ts";
import type { OutputsEvent, OutputsState } from "./state.ts";

export interface BeginningFacts {
  readonly stored: OutputsState | undefined | "unreadable";
  /** names this start of the machine; undefined where nobody can tell */
  readonly machine: string | undefined;
  readonly outputs: readonly DeclaredOutput[];
  /** those with a step in the plan */
  readonly planned: readonly PointRef[];
  /** false: a running gateway was given its first outputs, which is no start */
  readonly starting: boolean;
  readonly unixMs: number;
}

/** What a start of `field` makes of its outputs. */
export interface Beginning {
  readonly state: OutputsState;
  readonly events: readonly OutputsEvent[];
  /** outputs to be given their last command again; undefined where none is remembered */
  readonly restore: ReadonlyMap<PointRef, number | boolean | string | undefined>;
}

/** Pure: whoever asks stores and acts. */
export function beginning(facts: BeginningFacts): Beginning {
  const { stored, machine, outputs, unixMs } = facts;
  const known = stored === "unreadable" ? undefined : stored;
  const state = stored === "unreadable" ? unreadable(unixMs) : (stored ?? NOTHING_HELD);
  const guarded = outputs.filter(({ output }) => output.guard !== undefined);
  const told: OutputsEvent[] = state.machine !== machine && guarded.length > 0 ? [{ kind: "started", machine }] : [];
  // what ran before has left its state behind, whatever became of its configuration
  if (!facts.starting && known === undefined) return { state, events: told, restore: new Map() };
  const kind = startKind(known, machine);
  const wanted = (word: OutputRecovery): readonly PointRef[] =>
    guarded.flatMap(({ ref, output: { guard } }) =>
      guard !== undefined && recoveryOf(guard, kind) === word ? [ref] : [],
    );
  const due = wanted("plan").filter((ref) => facts.planned.includes(ref));
  const cause = kind === "start" ? "start" : "restart";
  const event: OutputsEvent = { kind: "due", cause, sinceMs: unixMs, outputs: due, again: true };
  return {
    state,
    events: due.length === 0 ? told : [event, ...told],
    restore: new Map(wanted("last-commanded").map((ref) => [ref, state.commanded[ref]])),
  };
}

/** Nobody knows what was held; a person does. */
function unreadable(sinceMs: number): OutputsState {
  const reason = "what was held or planned before cannot be read from disk";
  return { ...NOTHING_HELD, held: { by: "holdfast", reason, sinceMs, outputs: [] } };
}
