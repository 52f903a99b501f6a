import type { PointRef } from "../../config/snapshot/expression.ts";
import type { Write } from "../../contract/rooms.ts";
import type { DeclaredOutput } from "./declared.ts";
import type { Refusal } from "./guard.ts";
import { isFresh } from "./live.ts";

/** How long after a start an output may wait until everything permits its last command. Then a person decides. */
export const RESTORE_MS_MAX = 60_000;

export interface RestoringParts {
  find(ref: PointRef): DeclaredOutput | undefined;
  refusals(output: DeclaredOutput, value: Write["value"]): Iterable<Refusal>;
  write(output: DeclaredOutput, value: Write["value"], failed: (message: string) => void): void;
}

/**
 * Outputs that after a start are to have their last command again. Each is subject to everything a command is subject
 * to, is written once at most, and not at all where it still has that value.
 */
export class Restoring {
  readonly #parts: RestoringParts;
  readonly #waiting = new Map<PointRef, Write["value"]>();
  readonly #given = new Map<PointRef, string>();
  #untilMs = 0;

  constructor(parts: RestoringParts) {
    this.#parts = parts;
  }

  begin(values: ReadonlyMap<PointRef, Write["value"] | undefined>, nowMs: number): void {
    this.#untilMs = nowMs + RESTORE_MS_MAX;
    for (const [ref, value] of values) {
      if (value === undefined) this.#given.set(ref, "no command is remembered");
      else this.#waiting.set(ref, value);
    }
  }

  /** Another word counts now: a command, a hold, the plan. */
  forget(ref: PointRef): void {
    this.#waiting.delete(ref);
    this.#given.delete(ref);
  }

  /** Outputs that were not restored, and why. */
  get given(): ReadonlyMap<PointRef, string> {
    return this.#given;
  }

  look(nowMs: number): void {
    for (const [ref, value] of this.#waiting) {
      const output = this.#parts.find(ref);
      if (output === undefined) this.forget(ref);
      else if (isFresh(output.state.quality) && output.state.value === value) this.forget(ref);
      else this.#try(output, value, nowMs);
    }
  }

  #try(output: DeclaredOutput, value: Write["value"], nowMs: number): void {
    const [refusal] = this.#parts.refusals(output, value);
    if (refusal !== undefined && nowMs < this.#untilMs) return;
    this.#waiting.delete(output.ref);
    if (refusal !== undefined) this.#given.set(output.ref, refusal.message);
    else this.#parts.write(output, value, (message) => void this.#given.set(output.ref, message));
  }
}
