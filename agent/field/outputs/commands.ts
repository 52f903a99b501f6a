import type { Clock } from "../../../hal/clock.ts";
import type { Write, Written, WriteRefusal } from "../../contract/rooms.ts";
import type { Outcome, Request } from "../bus/request.ts";
import { encodeValue } from "../points/encode.ts";
import type { DeclaredOutput } from "./declared.ts";
import type { Refusal } from "./guard.ts";
import type { LiveOutputs } from "./live.ts";
import { readBackPlan, readBackResult, writeFailure, writeRequest } from "./transaction.ts";
import type { Result, Writable } from "./transaction.ts";

export interface CommandsParts {
  readonly clock: Clock;
  readonly live: LiveOutputs;
  /** Why it may not be written now, most important first. */
  refusals(output: DeclaredOutput, value: Write["value"]): Iterable<Refusal>;
  confirmed(output: DeclaredOutput, value: Write["value"]): void;
}

/** One command between its acceptance and its answer. */
interface Command {
  readonly output: DeclaredOutput;
  readonly write: Write;
  readonly encoded: Writable;
  answer(written: Written): void;
  /** what of it waits or is on the wire */
  request: Request;
  /** the device has confirmed the write: what waits now is the read-back */
  written: boolean;
  /** takes back that it counts as sent */
  unsend(): void;
}

/**
 * Writes that somebody commanded. Each is checked, reserved in the same moment, so that no other can slip in between,
 * written once and read back. Nothing is ever tried twice: whoever commands decides what an unanswered write means.
 */
export class Commands {
  readonly #parts: CommandsParts;
  readonly #open = new Set<Command>();

  constructor(parts: CommandsParts) {
    this.#parts = parts;
  }

  write(output: DeclaredOutput, write: Write, answer: (written: Written) => void): void {
    const [refusal] = this.#parts.refusals(output, write.value);
    if (refusal !== undefined) return answer(refused(write, refusal.code, refusal.message));
    const encoded = encodeValue(output.point, write.value);
    if (encoded.kind === "refused") return answer(refused(write, encoded.code, encoded.message));
    const { clock, live } = this.#parts;
    const unsend = live.of(output.ref).sending({
      value: write.value,
      atMs: clock.monotonicMs(),
      unixMs: clock.wall().unixMs,
    });
    const request = writeRequest(output, encoded);
    const command: Command = { output, write, encoded, answer, request, written: false, unsend };
    this.#open.add(command);
    let submitting = true;
    this.#submit(command, (outcome) => {
      const failed = writeFailure(outcome);
      if (failed === undefined) return this.#readBack(command);
      const unsent = outcome.kind === "busy" || (outcome.kind === "bus-down" && submitting);
      if (unsent) command.unsend();
      this.#end(command, unsent && failed.kind === "failed" ? { ...failed, perhaps: false } : failed);
    });
    submitting = false;
  }

  /** Somebody holds these outputs, or the plan has their bus: what waits is never sent, what is on the wire ends by itself. */
  preempt(concerns: (output: DeclaredOutput) => boolean, code: WriteRefusal, message: string): void {
    for (const command of this.#open) {
      if (!concerns(command.output) || !command.output.bus.withdraw(command.request)) continue;
      const { written } = command;
      if (!written) command.unsend();
      const what = written ? `written, and not read back: ${message}` : message;
      this.#end(command, { kind: "failed", code, message: what, perhaps: written });
    }
  }

  #readBack(command: Command): void {
    const { output, encoded } = command;
    const plan = readBackPlan(output);
    command.written = true;
    command.request = plan.request;
    this.#submit(command, (outcome) => this.#end(command, readBackResult(output, plan, encoded, outcome)));
  }

  #submit({ output, request }: Command, done: (outcome: Outcome) => void): void {
    const { timeoutMs, requestGapMs: gapMs } = output.source.snapshot;
    output.bus.submit({ request, timeoutMs, gapMs, done });
  }

  #end(command: Command, result: Result): void {
    const { output, write, answer } = command;
    const { clock, live, confirmed } = this.#parts;
    this.#open.delete(command);
    const perhaps = result.kind === "failed" && result.perhaps;
    live.of(output.ref).sent(write.value, perhaps, clock.monotonicMs());
    if (result.kind === "confirmed") {
      confirmed(output, write.value);
      return answer({ kind: "written", id: write.id, readBack: result.readBack });
    }
    const { code, message, readBack } = result;
    answer({ ...refused(write, code, message), ...(readBack === undefined ? {} : { readBack }) });
  }
}

const MESSAGE_CHARS_MAX = 512;

export function refused({ id }: Write, code: WriteRefusal, message: string): Written {
  return { kind: "written", id, code, message: message.slice(0, MESSAGE_CHARS_MAX) };
}
