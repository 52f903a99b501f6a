import type { Clock } from "../../../hal/clock.ts";
import type { Entropy } from "../../../hal/entropy.ts";

/**
 * At least so long from the end of an attempt that was refused to the next. The longest pause counts from its beginning,
 * so that a line or socket is open again within 2 s of coming back.
 */
const PAUSE_MS_MIN = 200;
const PAUSE_MS_MAX = 800;
/** Up to so much is added by chance, so that hundreds of sockets do not knock in step. */
const JITTER = 0.25;
/** A connection that lived so long, or answered anything, was a good one: it is opened again at once. */
const GOOD_AFTER_MS = 1_000;
const CRASH_PAUSE_MS_MIN = 1_000;
const CRASH_PAUSE_MS_MAX = 30_000;
/** So long without a fault of our own, and the next one counts as the first again. */
const CRASH_FORGOTTEN_MS = 60_000;

/** When a lost line or socket is tried again. */
export class Reopening {
  /** how often it was opened */
  times = 0;
  readonly #clock: Clock;
  readonly #entropy: Entropy;
  #pauseMs = PAUSE_MS_MIN;
  #triedMs = 0;
  #openedMs: number | undefined;
  #good = false;
  #failures = 0;
  #crashPauseMs = CRASH_PAUSE_MS_MIN;
  #crashedMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, entropy: Entropy) {
    this.#clock = clock;
    this.#entropy = entropy;
  }

  trying(): void {
    this.#triedMs = this.#clock.monotonicMs();
  }

  /** Nobody answered; attempts go on without a pause. */
  failed(): void {
    this.#failures++;
  }

  /** True: it had been away, so that devices which seemed dead deserve to be asked at once. */
  opened(): boolean {
    const wasAway = this.#failures > 0;
    this.times++;
    this.#failures = 0;
    this.#openedMs = this.#clock.monotonicMs();
    this.#good = false;
    return wasAway;
  }

  answered(): void {
    this.#good = true;
    this.#pauseMs = PAUSE_MS_MIN;
  }

  /** Milliseconds until the next attempt, after a loss or a failed one. */
  pauseMs(): number {
    const openedMs = this.#openedMs;
    this.#openedMs = undefined;
    const good = this.#good || (openedMs !== undefined && this.#clock.monotonicMs() - openedMs >= GOOD_AFTER_MS);
    this.#good = false;
    if (good) return 0;
    this.#failures++;
    const tookMs = this.#clock.monotonicMs() - this.#triedMs;
    const pauseMs = Math.max(PAUSE_MS_MIN, this.#pauseMs - tookMs) * (1 + JITTER * this.#entropy.fraction());
    this.#pauseMs = Math.min(PAUSE_MS_MAX, this.#pauseMs * 2);
    return pauseMs;
  }

  crashPauseMs(): number {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#crashedMs > CRASH_FORGOTTEN_MS) this.#crashPauseMs = CRASH_PAUSE_MS_MIN;
    this.#crashedMs = nowMs;
    this.#openedMs = undefined;
    const pauseMs = this.#crashPauseMs;
    this.#crashPauseMs = Math.min(CRASH_PAUSE_MS_MAX, pauseMs * 2);
    return pauseMs;
  }
}
