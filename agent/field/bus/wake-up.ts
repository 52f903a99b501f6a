import type { Clock, Timer } from "../../../hal/clock.ts";

/** An alarm a rounding error before its time must not be set for no time at all, again and again. */
const WAIT_MS_MIN = 0.001;

/** The one moment at which somebody acts next by himself. */
export class WakeUp {
  readonly #clock: Clock;
  readonly #act: () => void;
  #timer: Timer | undefined;
  #atMs = Number.POSITIVE_INFINITY;

  /** @param act must not throw: nobody above could catch it */
  constructor(clock: Clock, act: () => void) {
    this.#clock = clock;
    this.#act = act;
  }

  /** Then, and not at the time that was set before. Infinity: not at all. */
  at(atMs: number, nowMs: number): void {
    this.#timer?.[Symbol.dispose]();
    this.#atMs = atMs;
    if (atMs === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#clock.after(Math.max(WAIT_MS_MIN, atMs - nowMs), this.#act);
  }

  never(): void {
    this.#timer?.[Symbol.dispose]();
    this.#atMs = Number.POSITIVE_INFINITY;
  }

  /** How long it has been due. */
  overdueMs(nowMs: number): number {
    return Math.max(0, nowMs - this.#atMs);
  }
}
