import type { Clock } from "../../../hal/clock.ts";
import type { Expression, PointRef } from "../../config/snapshot/expression.ts";
import type { OutputGuard } from "../../config/snapshot/outputs.ts";
import type { WriteRefusal } from "../../contract/rooms.ts";
import { evaluator, holds } from "../derived/evaluator.ts";
import type { Evaluated } from "../derived/evaluator.ts";
import type { PointBook } from "../points/book.ts";
import { isOn } from "./declared.ts";
import type { DeclaredOutput } from "./declared.ts";
import { isFresh } from "./live.ts";
import type { LiveOutputs } from "./live.ts";

export interface Refusal {
  readonly code: WriteRefusal;
  readonly message: string;
}

export interface GuardParts {
  readonly clock: Clock;
  readonly book: PointBook;
  readonly live: LiveOutputs;
  readonly outputs: ReadonlyMap<PointRef, DeclaredOutput>;
}

/** What one output's own declaration says against a write now. In doubt it refuses: what is not known is not permitted. */
export class Guard {
  readonly #output: DeclaredOutput;
  readonly #guard: OutputGuard;
  readonly #parts: GuardParts;
  readonly #remote: (() => Evaluated) | undefined;
  readonly #permissives: readonly { readonly why: (now: Evaluated) => string; readonly look: () => Evaluated }[];

  constructor(output: DeclaredOutput, guard: OutputGuard, parts: GuardParts) {
    this.#output = output;
    this.#guard = guard;
    this.#parts = parts;
    const bind = (expression: Expression): (() => Evaluated) => evaluator(expression, parts.book);
    this.#remote = guard.remoteEnable === undefined ? undefined : bind(guard.remoteEnable);
    this.#permissives = guard.permissives.map(({ when, text }) => ({ why: whyNot(when, text), look: bind(when) }));
  }

  /**
   * Every reason, in the order in which they count.
   * @param value what is to be written; undefined: whatever it is, and something on where that makes a difference
   */
  *refusals(value: number | boolean | string | undefined): Generator<Refusal> {
    const remote = this.#remote?.();
    if (remote !== undefined && !holds(remote)) {
      const why = `"${this.#guard.remoteEnable?.text ?? ""}" ${said(remote)}: whoever is at the machine has authority`;
      yield { code: "WRITE_NOT_REMOTE", message: why };
    }
    for (const { why, look } of this.#permissives) {
      const now = look();
      if (!holds(now)) yield { code: "WRITE_NOT_PERMITTED", message: why(now) };
    }
    if (value === undefined || isOn(value)) yield* this.#excluded();
    yield* this.#pace(value);
    yield* this.#readBack();
  }

  *#excluded(): Generator<Refusal> {
    const nowMs = this.#parts.clock.monotonicMs();
    for (const ref of this.#guard.excludes) {
      const other = this.#parts.outputs.get(ref);
      const why =
        other === undefined ? `there is no ${ref} to be sure of` : this.#parts.live.of(ref).notOff(other, nowMs);
      if (why !== undefined) yield { code: "WRITE_EXCLUDED", message: `${why}, and never both` };
    }
  }

  *#pace(value: number | boolean | string | undefined): Generator<Refusal> {
    const { intervalMsMin, ratePerSecondMax } = this.#guard;
    const { latest, knownSinceMs } = this.#parts.live.of(this.#output.ref);
    const elapsedMs = this.#parts.clock.monotonicMs() - (latest?.atMs ?? knownSinceMs);
    if (elapsedMs < intervalMsMin) {
      const since =
        latest === undefined
          ? "field started, or was given this output, and what was written before is not known"
          : "the latest write";
      const leftMs = Math.ceil(intervalMsMin - elapsedMs);
      yield { code: "WRITE_TOO_SOON", message: `${since}; ${leftMs} ms of ${intervalMsMin} ms are left` };
    }
    if (ratePerSecondMax === undefined || value === undefined) return;
    const before = latest?.value ?? this.#output.state.value;
    if (typeof before !== "number" || typeof value !== "number") {
      yield { code: "WRITE_TOO_FAST", message: "the value before is not known, and so no rate" };
      return;
    }
    const allowed = (ratePerSecondMax * elapsedMs) / 1_000;
    if (Math.abs(value - before) <= allowed) return;
    const change = `from ${before} to ${value} within ${Math.round(elapsedMs)} ms`;
    yield { code: "WRITE_TOO_FAST", message: `${change}; ${ratePerSecondMax} in a second at most` };
  }

  *#readBack(): Generator<Refusal> {
    const { state } = this.#output;
    const { readBackMsMax } = this.#guard;
    const ageMs = this.#parts.clock.monotonicMs() - state.takenAtMs;
    if (isFresh(state.quality) && ageMs <= readBackMsMax) return;
    const age = isFresh(state.quality)
      ? `it was read ${Math.round(ageMs)} ms ago, ${readBackMsMax} ms at most`
      : "it cannot be read";
    yield { code: "WRITE_STALE_READ_BACK", message: `what it is now is not known: ${age}` };
  }
}

/** The file's own words say what is wrong where it is certain; otherwise that it is not. */
function whyNot(when: Expression, text: string | undefined): (now: Evaluated) => string {
  if (text === undefined) return (now) => `"${when.text}" ${said(now)}`;
  return (now) => (now.value === false ? text : `${text} (${said(now)})`);
}

function said({ value }: Evaluated): string {
  if (value === null) return "is not known now";
  return value === true ? "is uncertain" : "is not true";
}
