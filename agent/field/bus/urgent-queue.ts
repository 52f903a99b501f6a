import type { Outcome, Request } from "./request.ts";

/** Writes and their read-backs that may wait on one bus. People and programs wait for them: more would only be older. */
export const URGENT_WAITING_MAX = 64;
/** Longest wait for a turn: behind one other device's timeout at the most, unless the device itself is being let alone. */
const URGENT_WAIT_MS_MAX = 10_000;

/** A request that overtakes every poll, and who waits for its outcome. */
export interface Urgent {
  readonly request: Request;
  readonly timeoutMs: number;
  readonly gapMs: number;
  done(outcome: Outcome): void;
}

interface Waiting extends Urgent {
  readonly expiresMs: number;
}

/** First come, first served, except that a device which may not be asked yet holds up nobody else. */
export class UrgentQueue {
  #waiting: Waiting[] = [];

  /** False: full. */
  add(urgent: Urgent, nowMs: number): boolean {
    if (this.#waiting.length >= URGENT_WAITING_MAX) return false;
    this.#waiting.push({ ...urgent, expiresMs: nowMs + URGENT_WAIT_MS_MAX });
    return true;
  }

  /** @param notBeforeMs when a unit may be asked again */
  due(nowMs: number, notBeforeMs: (unit: number) => number): Urgent | undefined {
    return this.#waiting.find((urgent) => notBeforeMs(urgent.request.unit) <= nowMs);
  }

  /** When {@link due} or {@link expire} has something new to say. */
  nextMs(notBeforeMs: (unit: number) => number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { expiresMs, request } of this.#waiting) {
      next = Math.min(next, expiresMs, notBeforeMs(request.unit));
    }
    return next;
  }

  remove(urgent: Urgent): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting !== urgent);
  }

  /** Takes back a request that is not sent yet; nobody hears of it any more. False: it is not waiting here. */
  withdraw(request: Request): boolean {
    const before = this.#waiting.length;
    this.#waiting = this.#waiting.filter((waiting) => waiting.request !== request);
    return this.#waiting.length < before;
  }

  /** Ends every wait that took too long, or all of them. */
  expire(beforeMs: number, outcome: Outcome): void {
    if (this.#waiting.every(({ expiresMs }) => expiresMs > beforeMs)) return;
    const expired = this.#waiting.filter(({ expiresMs }) => expiresMs <= beforeMs);
    this.#waiting = this.#waiting.filter(({ expiresMs }) => expiresMs > beforeMs);
    for (const urgent of expired) urgent.done(outcome);
  }
}
