import type { Clock } from "../../../hal/clock.ts";
import type { PointRef } from "../../config/snapshot/expression.ts";
import type { Bus } from "../bus/bus.ts";
import type { Foremost, NotBefore } from "../bus/foremost.ts";
import type { Outcome } from "../bus/request.ts";
import type { Urgent } from "../bus/urgent-queue.ts";
import { StepQueue } from "./step-queue.ts";
import type { LaneStep } from "./step-queue.ts";
import { readBackPlan, readBackResult, writeFailure, writeRequest } from "./transaction.ts";
import type { Result } from "./transaction.ts";

/** What a lane tells of its steps. */
export interface LaneListener {
  /** The first byte of the write is about to leave. */
  sending(step: LaneStep): void;
  /** Written, and read back as it was written. */
  confirmed(step: LaneStep): void;
  /** Tried in vain, and it will be tried again. @param perhaps the device may have acted all the same */
  failed(step: LaneStep, message: string, perhaps: boolean): void;
  /** Not tried, since it would be in vain; it will be later. */
  skipped(step: LaneStep, message: string): void;
  /** Begun, and nobody wants it any more: it may be on the wire, and nothing more is told of it. */
  dropped(step: LaneStep): void;
}

/**
 * The steps of the plan on one bus: in order, each written and read back before the next. One that fails stops none of
 * the others; it is tried again, after all of them, until it is confirmed or nobody wants it any more.
 */
export class PlanLane implements Foremost {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #listener: LaneListener;
  readonly #queue = new StepQueue();
  #offered: { readonly step: LaneStep; readonly urgent: Urgent } | undefined;
  /** end of the step before, monotonic */
  #endedMs = Number.NEGATIVE_INFINITY;

  constructor(bus: Bus, clock: Clock, listener: LaneListener) {
    this.#bus = bus;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** Every step of this bus that is not confirmed yet, in the plan's order; what is new among them begins a new pass. */
  want(steps: readonly LaneStep[]): void {
    this.#queue.want(steps);
    const offered = this.#offered?.step;
    if (offered !== undefined && !this.#queue.wants(offered)) {
      this.#offered = undefined;
      this.#listener.dropped(offered);
    }
    this.#bus.setForemost(steps.length === 0 ? undefined : this);
  }

  /** Steps whose latest attempt failed, or which cannot even be tried, and why. */
  get failures(): ReadonlyMap<PointRef, string> {
    const { down } = this.#bus;
    if (down === undefined) return this.#queue.failures;
    const why = `its line is down, and it is written as soon as it is back: ${down.message}`;
    return new Map(this.#queue.wanted.map(({ output }) => [output.ref, why]));
  }

  due(nowMs: number, notBeforeMs: NotBefore): Urgent | undefined {
    if (this.#offered !== undefined) return this.#offered.urgent;
    for (;;) {
      const next = this.#queue.next(nowMs);
      if (next === undefined || this.#dueMs(next) > nowMs) return undefined;
      if (this.#mayAskMs(next, notBeforeMs) <= nowMs) return this.#write(next);
      // a device that is dead already holds up nobody; one that missed a single answer keeps its place
      if (!this.#bus.isDead(next.output.source.snapshot.unit)) return undefined;
      this.#queue.failed(next, DEAD, true, nowMs);
      this.#listener.skipped(next, DEAD);
    }
  }

  nextMs(nowMs: number, notBeforeMs: NotBefore): number {
    const next = this.#queue.next(nowMs);
    return next === undefined ? this.#queue.retryAtMs : Math.max(this.#dueMs(next), this.#mayAskMs(next, notBeforeMs));
  }

  /** Between two steps of one pass. Between two passes the bus is everybody's. */
  reservedMs(nowMs: number, notBeforeMs: NotBefore): number {
    return this.#queue.next(nowMs) === undefined ? Number.POSITIVE_INFINITY : this.nextMs(nowMs, notBeforeMs);
  }

  #dueMs({ waitMs }: LaneStep): number {
    return this.#endedMs + waitMs;
  }

  #mayAskMs({ output }: LaneStep, notBeforeMs: NotBefore): number {
    return notBeforeMs(output.source.snapshot.unit);
  }

  #write(step: LaneStep): Urgent {
    this.#listener.sending(step);
    return this.#offer(step, writeRequest(step.output, step.encoded), (outcome) => {
      const failed = writeFailure(outcome);
      if (failed === undefined) this.#readBack(step);
      else this.#ended(step, failed, outcome);
    });
  }

  #readBack(step: LaneStep): void {
    const plan = readBackPlan(step.output);
    this.#offer(step, plan.request, (outcome) => {
      this.#ended(step, readBackResult(step.output, plan, step.encoded, outcome), outcome);
    });
  }

  #offer(step: LaneStep, request: Urgent["request"], done: (outcome: Outcome) => void): Urgent {
    const { timeoutMs, requestGapMs: gapMs } = step.output.source.snapshot;
    const over = (outcome: Outcome): void => {
      if (this.#offered?.urgent !== urgent) return;
      this.#offered = undefined;
      done(outcome);
    };
    const urgent: Urgent = { request, timeoutMs, gapMs, done: over };
    this.#offered = { step, urgent };
    return urgent;
  }

  #ended(step: LaneStep, result: Result, outcome: Outcome): void {
    const nowMs = this.#clock.monotonicMs();
    this.#endedMs = nowMs;
    if (result.kind === "confirmed") {
      if (this.#queue.confirmed(step, nowMs)) this.#listener.confirmed(step);
      return;
    }
    // the line went away under it: it is the next one again once the line is back
    if (outcome.kind !== "bus-down") this.#queue.failed(step, result.message, outcome.kind === "silence", nowMs);
    this.#listener.failed(step, result.message, result.perhaps);
  }
}

const DEAD = "its device does not answer";
