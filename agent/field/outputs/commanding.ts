import type { Clock } from "../../../hal/clock.ts";
import type { PointRef } from "../../config/snapshot/expression.ts";
import type { Log } from "../../contract/log.ts";
import type { Write, Written } from "../../contract/rooms.ts";
import type { PointBook } from "../points/book.ts";
import type { Beginning } from "./beginning.ts";
import { Commands, refused } from "./commands.ts";
import type { DeclaredOutput } from "./declared.ts";
import type { Refusal } from "./guard.ts";
import { Guards } from "./guards.ts";
import type { Ledger } from "./ledger.ts";
import type { LiveOutputs } from "./live.ts";
import { Restoring } from "./restoring.ts";
import { isHeld } from "./state.ts";

export interface CommandingParts {
  readonly clock: Clock;
  readonly book: PointBook;
  readonly live: LiveOutputs;
  readonly ledger: Ledger;
  readonly log: Log;
}

/** What is written on somebody's word: a command now, or the last one again after a start. */
export class Commanding {
  readonly #parts: CommandingParts;
  readonly #guards = new Guards();
  readonly #commands: Commands;
  readonly #restoring: Restoring;
  #outputs: ReadonlyMap<PointRef, DeclaredOutput> = new Map();

  constructor(parts: CommandingParts) {
    const { clock, live } = parts;
    this.#parts = parts;
    const refusals = (output: DeclaredOutput, value: Write["value"]): Iterable<Refusal> => this.refusals(output, value);
    this.#commands = new Commands({
      clock,
      live,
      refusals,
      confirmed: (output, value) => this.#confirmed(output, value),
    });
    this.#restoring = new Restoring({
      find: (ref) => this.#outputs.get(ref),
      refusals,
      write: (output, value, failed) => this.#restore(output, value, failed),
    });
  }

  /** Another configuration. */
  declare(outputs: ReadonlyMap<PointRef, DeclaredOutput>): void {
    const { clock, book, live } = this.#parts;
    this.#outputs = outputs;
    this.#guards.declare({ clock, book, live, outputs });
  }

  /** Outputs that are to have their last command again, as soon as everything permits it. */
  restore(values: Beginning["restore"]): void {
    this.#restoring.begin(values, this.#parts.clock.monotonicMs());
  }

  /** Looks whether what waits may be restored now. */
  look(): void {
    this.#restoring.look(this.#parts.clock.monotonicMs());
  }

  /** Outputs that were not restored, and why. */
  get notRestored(): ReadonlyMap<PointRef, string> {
    return this.#restoring.given;
  }

  write(write: Write, answer: (written: Written) => void): void {
    const ref = `${write.source}/${write.point}`;
    const output = this.#outputs.get(ref);
    if (output !== undefined && !this.#parts.ledger.isRead) {
      return answer(refused(write, "WRITE_HELD", "what was held before is still being read"));
    }
    if (output !== undefined) return this.#commands.write(output, write, answer);
    const known = this.#parts.book.find(ref) !== undefined;
    if (known) answer(refused(write, "WRITE_NOT_AN_OUTPUT", `${write.point} is not declared as an output`));
    else answer(refused(write, "WRITE_UNKNOWN_POINT", `no point ${ref}`));
  }

  /** Every reason against a write now, the most important first. @param value undefined: whatever it is */
  refusals(output: DeclaredOutput, value: Write["value"] | undefined): Iterable<Refusal> {
    return this.#guards.refusals(output, value, this.#parts.ledger.state);
  }

  /** Ends whatever waits to be sent against what people and the plan say. @param pending outputs that the plan is to write */
  forbid(pending: Iterable<PointRef>): void {
    const { state } = this.#parts.ledger;
    const buses = new Set([...pending].flatMap((ref) => this.#outputs.get(ref)?.bus ?? []));
    this.#commands.preempt(({ bus }) => buses.has(bus), "WRITE_IN_PLAN", "the fail-safe plan has this bus now");
    this.#commands.preempt(({ ref }) => isHeld(state, ref), "WRITE_HELD", "somebody holds this output now");
    for (const ref of this.#outputs.keys()) {
      if (isHeld(state, ref) || state.planned[ref] !== undefined) this.#restoring.forget(ref);
    }
  }

  #confirmed({ ref, output }: DeclaredOutput, value: Write["value"]): void {
    this.#restoring.forget(ref);
    const { onStart, onRestart } = output.guard ?? {};
    if (onStart !== "last-commanded" && onRestart !== "last-commanded") return;
    void this.#parts.ledger.change({ kind: "commanded", output: ref, value });
  }

  #restore(output: DeclaredOutput, value: Write["value"], failed: (message: string) => void): void {
    const { source, point, ref } = output;
    this.#parts.log.info("outputs.restoring", { output: ref });
    this.#commands.write(output, { kind: "write", id: 0, source: source.name, point: point.name, value }, (written) => {
      if (written.code !== undefined) failed(written.message ?? written.code);
    });
  }
}
