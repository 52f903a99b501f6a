import type { PointRef } from "../../config/snapshot/expression.ts";

/** What a person asked of the outputs, and on whose word. */
export interface Held {
  readonly by: string;
  readonly reason: string;
  /** Unix milliseconds */
  readonly sinceMs: number;
  /** empty: all */
  readonly outputs: readonly PointRef[];
}

/** An output that belongs to the plan until it is released. */
export interface Planned {
  /** its step is not confirmed yet */
  readonly pending: boolean;
  /** what made it due and is not over: names of triggers, and PLAN_CAUSES, which none of them may have */
  readonly causes: readonly string[];
}

/**
 * What outlives a restart of `field` and of the machine. It is stored before it is acted on, so that a power cut repeats
 * a step of the plan rather than losing one.
 */
export interface OutputsState {
  /** the start of the machine in which `field` last started; absent where nobody could tell */
  readonly machine?: string;
  readonly held?: Held;
  /** what made the plan due first since everything was free */
  readonly due?: { readonly cause: string; readonly sinceMs: number };
  readonly planned: Readonly<Record<PointRef, Planned>>;
  /** latest confirmed command of each output that is restored to it, unless a step of the plan came after it */
  readonly commanded: Readonly<Record<PointRef, number | boolean | string>>;
}

export const NOTHING_HELD: OutputsState = { planned: {}, commanded: {} };

/** Over as soon as the step is confirmed: nothing lasts that could end. */
const MOMENTARY: ReadonlySet<string> = new Set(["start", "restart"]);

export type OutputsEvent =
  | { readonly kind: "held"; readonly held: Held }
  /** `again`: written anew even where this very cause was confirmed before */
  | {
      readonly kind: "due";
      readonly cause: string;
      readonly sinceMs: number;
      readonly outputs: readonly PointRef[];
      readonly again: boolean;
    }
  | { readonly kind: "confirmed"; readonly output: PointRef; readonly bumpless: boolean }
  | { readonly kind: "over"; readonly cause: string; readonly bumpless: boolean }
  /** @param all every declared output: what a partial release of a hold on all leaves held */
  | { readonly kind: "released"; readonly outputs: readonly PointRef[]; readonly all: readonly PointRef[] }
  | { readonly kind: "commanded"; readonly output: PointRef; readonly value: number | boolean | string }
  | { readonly kind: "started"; readonly machine: string | undefined };

/** The state after an event; the very same object where nothing changed. */
export function step(state: OutputsState, event: OutputsEvent): OutputsState {
  switch (event.kind) {
    case "held":
      return { ...state, held: joined(state.held, event.held) };
    case "due":
      return due(state, event);
    case "confirmed": {
      const planned = state.planned[event.output];
      if (planned?.pending !== true) return state;
      const causes = planned.causes.filter((cause) => !MOMENTARY.has(cause));
      return replaced(state, { [event.output]: { pending: false, causes } }, event.bumpless);
    }
    case "over":
      return over(state, event);
    case "released":
      return released(state, event.outputs, event.all);
    case "commanded":
      // confirmed late: the plan has it, and is the later word
      if (state.planned[event.output] !== undefined) return state;
      if (state.commanded[event.output] === event.value) return state;
      return { ...state, commanded: { ...state.commanded, [event.output]: event.value } };
    case "started": {
      const { machine: _, ...rest } = state;
      return event.machine === undefined ? rest : { ...rest, machine: event.machine };
    }
  }
}

/** Holding more never lets go of what was held; the newest word is the one shown. */
function joined(before: Held | undefined, { outputs, ...word }: Held): Held {
  const all = before?.outputs.length === 0 || outputs.length === 0;
  return { ...word, outputs: all ? [] : [...new Set([...(before?.outputs ?? []), ...outputs])] };
}

function due(state: OutputsState, event: Extract<OutputsEvent, { kind: "due" }>): OutputsState {
  const { cause, sinceMs, again } = event;
  const changed = event.outputs.flatMap((ref): readonly (readonly [PointRef, Planned])[] => {
    const causes = state.planned[ref]?.causes ?? [];
    if (causes.includes(cause)) return again ? [[ref, { pending: true, causes }]] : [];
    return [[ref, { pending: true, causes: [...causes, cause] }]];
  });
  if (changed.length === 0) return state;
  const planned = { ...state.planned, ...Object.fromEntries(changed) };
  // after a release nothing but a new command may start again what the plan has stopped: not a restart, either
  const stopped = new Set(changed.map(([ref]) => ref));
  const commanded = Object.fromEntries(Object.entries(state.commanded).filter(([ref]) => !stopped.has(ref)));
  return { ...state, due: state.due ?? { cause, sinceMs }, planned, commanded };
}

function over(state: OutputsState, { cause, bumpless }: Extract<OutputsEvent, { kind: "over" }>): OutputsState {
  const changed: Record<PointRef, Planned> = {};
  for (const [ref, { pending, causes }] of Object.entries(state.planned)) {
    if (causes.includes(cause)) changed[ref] = { pending, causes: causes.filter((one) => one !== cause) };
  }
  return Object.keys(changed).length === 0 ? state : replaced(state, changed, bumpless);
}

/** @param bumpless whatever has no cause left and is confirmed is free */
function replaced(state: OutputsState, changed: Readonly<Record<PointRef, Planned>>, bumpless: boolean): OutputsState {
  const kept = Object.entries({ ...state.planned, ...changed }).filter(
    ([, { pending, causes }]) => !bumpless || pending || causes.length > 0,
  );
  return withPlanned(state, kept);
}

function released(state: OutputsState, outputs: readonly PointRef[], all: readonly PointRef[]): OutputsState {
  const { held, ...rest } = state;
  if (outputs.length === 0) return withPlanned(rest, []);
  const gone = new Set(outputs);
  const kept = Object.entries(state.planned).filter(([ref]) => !gone.has(ref));
  const left = (held?.outputs.length === 0 ? all : (held?.outputs ?? [])).filter((ref) => !gone.has(ref));
  return withPlanned(
    held === undefined || left.length === 0 ? rest : { ...rest, held: { ...held, outputs: left } },
    kept,
  );
}

function withPlanned(state: OutputsState, kept: readonly (readonly [PointRef, Planned])[]): OutputsState {
  const { due: before, ...rest } = state;
  const planned = Object.fromEntries(kept);
  return kept.length === 0 || before === undefined ? { ...rest, planned } : { ...rest, due: before, planned };
}

/** Whether somebody holds it. */
export function isHeld({ held }: OutputsState, ref: PointRef): boolean {
  return held !== undefined && (held.outputs.length === 0 || held.outputs.includes(ref));
}
