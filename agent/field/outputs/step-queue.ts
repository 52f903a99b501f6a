import type { PointRef } from "../../config/snapshot/expression.ts";
import type { DeviceSource } from "../points/device-source.ts";
import type { DeclaredOutput } from "./declared.ts";
import type { Writable } from "./transaction.ts";

/** One output, what the plan writes to it, and how. */
export interface LaneStep {
  readonly output: DeclaredOutput;
  readonly value: number | boolean | string;
  readonly encoded: Writable;
  /** after the end of the step before it */
  readonly waitMs: number;
}

/**
 * Pauses between two passes over what failed: the first follows at once, since a single frame is easily lost; later ones
 * leave the bus to those who answer. A device that answers again is written to at once, however long the pause.
 */
const RETRY_MS_FIRST = 0;
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 30_000;

/** Which step of one bus is next: a pass over all in order, then passes over those that failed. */
export class StepQueue {
  #wanted: readonly LaneStep[] = [];
  /** of this pass, in order */
  #todo: readonly LaneStep[] = [];
  readonly #failures = new Map<PointRef, string>();
  /** devices that were silent, and whether they were taken for dead since */
  readonly #silent = new Map<DeviceSource, boolean>();
  #retryAtMs = Number.POSITIVE_INFINITY;
  #pauseMs = RETRY_MS_FIRST;

  /** Why the latest attempt of a step failed. */
  get failures(): ReadonlyMap<PointRef, string> {
    return this.#failures;
  }

  /** Other steps from now on, in order. One that was not wanted before begins a new pass. */
  want(steps: readonly LaneStep[]): void {
    const known = new Set(this.#wanted);
    const refs = new Set(steps.map(({ output }) => output.ref));
    this.#wanted = steps;
    for (const ref of this.#failures.keys()) if (!refs.has(ref)) this.#failures.delete(ref);
    if (steps.some((step) => !known.has(step))) {
      this.#pauseMs = RETRY_MS_FIRST;
      this.#begin(steps);
    } else this.#todo = this.#todo.filter((step) => steps.includes(step));
    if (steps.length === 0) this.#retryAtMs = Number.POSITIVE_INFINITY;
  }

  /** Steps that are not confirmed, in order. */
  get wanted(): readonly LaneStep[] {
    return this.#wanted;
  }

  wants(step: LaneStep): boolean {
    return this.#wanted.includes(step);
  }

  /** The first that is left of this pass, or of the next where its time has come or a device is back. */
  next(nowMs: number): LaneStep | undefined {
    if (this.#todo.length > 0) return this.#todo[0];
    const back = this.#back();
    if (back === undefined && nowMs < this.#retryAtMs) return undefined;
    this.#begin(back === undefined ? this.#wanted : this.#wanted.filter(({ output }) => output.source === back));
    return this.#todo[0];
  }

  /** When the next pass begins by itself, while no step of this one is left. */
  get retryAtMs(): number {
    return this.#retryAtMs;
  }

  /** False: nobody wants it any more. */
  confirmed(step: LaneStep, nowMs: number): boolean {
    if (!this.wants(step)) return false;
    this.#wanted = this.#wanted.filter((one) => one !== step);
    this.#failures.delete(step.output.ref);
    this.#drop([step], nowMs);
    return true;
  }

  /** @param silent its device said nothing: in this pass it is not asked again */
  failed(step: LaneStep, message: string, silent: boolean, nowMs: number): boolean {
    if (!this.wants(step)) return false;
    const { source } = step.output;
    const gone = silent ? this.#todo.filter(({ output }) => output.source === source) : [step];
    for (const { output } of gone) this.#failures.set(output.ref, message);
    if (silent) this.#silent.set(source, !source.online);
    this.#drop(gone, nowMs);
    return true;
  }

  #begin(steps: readonly LaneStep[]): void {
    this.#todo = steps;
    this.#retryAtMs = Number.POSITIVE_INFINITY;
  }

  #drop(steps: readonly LaneStep[], nowMs: number): void {
    this.#todo = this.#todo.filter((one) => !steps.includes(one));
    if (this.#todo.length > 0 || this.#wanted.length === 0) return;
    this.#retryAtMs = nowMs + this.#pauseMs;
    this.#pauseMs = Math.min(RETRY_MS_MAX, Math.max(RETRY_MS_MIN, this.#pauseMs * 2));
  }

  /** A device that was silent, then dead, and answers now. One that answers polls and no writes waits for its time. */
  #back(): DeviceSource | undefined {
    for (const [source, wasDead] of this.#silent) {
      if (!source.online) this.#silent.set(source, true);
      else if (wasDead) {
        this.#silent.delete(source);
        if (this.#wanted.some(({ output }) => output.source === source)) return source;
      }
    }
    return undefined;
  }
}
