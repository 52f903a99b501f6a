import { SILENCE_SHARE as SHARE } from "../../config/timing/silence-share.ts";

/**
 * Bus time that may be lost to devices that do not answer. It accrues as a share of all time; every timeout is paid from
 * it, so that on a full bus the others lose that share and no more, however many devices are dead. An idle bus has time
 * to give away: waiting in it is still paid, but does not need the balance.
 */
export class SilenceBudget {
  readonly #maxMs: number;
  #balanceMs: number;
  #atMs: number;

  /** @param waitMs the longest single wait on this bus: so much can be saved, and so much be owed */
  constructor(waitMs: number, nowMs: number) {
    this.#maxMs = waitMs;
    this.#balanceMs = this.#maxMs;
    this.#atMs = nowMs;
  }

  /** Milliseconds from now until a wait of `costMs` can be paid; 0 where it can already. */
  affordableInMs(costMs: number, nowMs: number): number {
    this.#accrue(nowMs);
    return Math.max(0, (Math.min(costMs, this.#maxMs) - this.#balanceMs) / SHARE);
  }

  spend(waitedMs: number, nowMs: number): void {
    this.#accrue(nowMs);
    // no deeper: many devices dying at once must not keep each of them from ever being found again
    this.#balanceMs = Math.max(-this.#maxMs, this.#balanceMs - waitedMs);
  }

  #accrue(nowMs: number): void {
    this.#balanceMs = Math.min(this.#maxMs, this.#balanceMs + (nowMs - this.#atMs) * SHARE);
    this.#atMs = nowMs;
  }
}
