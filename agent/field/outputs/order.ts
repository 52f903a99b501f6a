import type { PointRef } from "../../config/snapshot/expression.ts";
import type { OrderDone, OutputsOrder } from "../../contract/rooms.ts";
import type { DeclaredOutput } from "./declared.ts";
import type { OutputsEvent, OutputsState } from "./state.ts";
import type { HoldingTrigger } from "./triggers.ts";

export interface OrderFacts {
  readonly state: OutputsState;
  readonly outputs: readonly DeclaredOutput[];
  /** those with a step in the plan */
  readonly planned: readonly PointRef[];
  /** declared triggers that began and hold, as far as is known */
  readonly holding: readonly HoldingTrigger[];
  readonly unixMs: number;
}

/** What an order comes to. In the safe direction what can be done is done, whatever else was asked for. */
export interface OrderOutcome {
  readonly events: readonly OutputsEvent[];
  readonly refused?: NonNullable<OrderDone["refused"]>;
}

/** What a person's word changes. Pure: whoever asks stores and acts. */
export function carryOut(order: OutputsOrder, facts: OrderFacts): OrderOutcome {
  const known = new Set(facts.outputs.map(({ ref }) => ref));
  const unknown = order.outputs.filter((ref) => !known.has(ref));
  const named = order.outputs.filter((ref) => known.has(ref));
  const nothing = order.outputs.length > 0 && named.length === 0;
  const events = nothing ? [] : eventsOf(order, named, facts);
  if (!Array.isArray(events)) return { events: [], refused: events };
  if (facts.outputs.length === 0) return refusal([], "OUTPUT_NONE", "the running configuration declares no output");
  if (unknown.length > 0) {
    const done = nothing ? "" : "; the others are done";
    return refusal(events, "OUTPUT_UNKNOWN", `no output ${unknown.join(", ")}${done}; see "holdfast outputs"`);
  }
  const stepless = order.action === "to-plan" ? named.filter((ref) => !facts.planned.includes(ref)) : [];
  if (stepless.length === 0 && (events.length > 0 || order.action !== "to-plan")) return { events };
  const which =
    stepless.length === 0 ? "there is no fail-safe plan" : `the fail-safe plan has no step for ${stepless.join(", ")}`;
  const rest = events.length === 0 ? "" : "; the others are done";
  return refusal(events, "OUTPUT_NO_STEP", `${which}${rest}; "holdfast outputs hold" stops commands at least`);
}

function eventsOf(
  { action, by, reason }: OutputsOrder,
  named: readonly PointRef[],
  { state, outputs, planned, holding, unixMs }: OrderFacts,
): OutputsEvent[] | NonNullable<OrderDone["refused"]> {
  const concerned = (ref: PointRef): boolean => named.length === 0 || named.includes(ref);
  const due = (cause: string, refs: readonly PointRef[]): OutputsEvent[] =>
    refs.length === 0 ? [] : [{ kind: "due", cause, sinceMs: unixMs, outputs: refs, again: true }];
  switch (action) {
    case "hold": {
      const toPlan = outputs.filter(({ ref, output }) => concerned(ref) && output.guard?.onHold === "plan");
      const refs = toPlan.map(({ ref }) => ref).filter((ref) => planned.includes(ref));
      return [{ kind: "held", held: { by, reason, sinceMs: unixMs, outputs: named } }, ...due("hold", refs)];
    }
    case "to-plan":
      return due("operator", planned.filter(concerned));
    case "release": {
      const [holds] = holding;
      if (holds !== undefined && Object.keys(state.planned).some(concerned))
        return { code: "OUTPUTS_TRIGGER_HOLDS", message: `${stillHolds(holds)}; nothing was released` };
      return [{ kind: "released", outputs: named, all: outputs.map(({ ref }) => ref) }];
    }
  }
}

function stillHolds({ trigger: { name, when }, unread }: HoldingTrigger): string {
  if (!unread) return `trigger ${name} still holds: ${when.text}`;
  return `it is not known yet whether trigger ${name} still holds: ${when.text} was not read since the start; ask again in a moment`;
}

const MESSAGE_CHARS_MAX = 512;

function refusal(events: readonly OutputsEvent[], code: string, message: string): OrderOutcome {
  return { events, refused: { code, message: message.slice(0, MESSAGE_CHARS_MAX) } };
}
