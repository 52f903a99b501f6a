import type { Clock, ClockTrust } from "../hal/clock.ts";
import { untilQuiet } from "./quiet.ts";
import { TimerQueue } from "./timer-queue.ts";

/** 2026-01-01T00:00:00Z: an instant that is neither before the build nor anybody's own. */
const START_UNIX_MS = 1_767_225_600_000;
/** Callbacks at one and the same instant before it is taken for a loop that never lets time pass. */
const CALLBACKS_AT_ONCE_MAX = 1_000_000;

/** Time that passes only when told to. The monotonic origin is 0. */
export interface VirtualClock extends Clock {
  /**
   * Lets `ms` pass: fires every timer on the way at its own instant, in order, and after each lets what it set in
   * motion come to rest. Rejects with whatever a callback throws.
   */
  advance(ms: number): Promise<void>;
  /** Advances from one timer to the next until `condition` holds. @throws {Error} when it does not within `limitMs` */
  advanceUntil(condition: () => boolean, limitMs: number): Promise<void>;
  /** Somebody sets the wall clock. Timers do not notice. */
  setWall(unixMs: number, trust: ClockTrust): void;
}

export function virtualClock(options: { startUnixMs?: number; trust?: ClockTrust } = {}): VirtualClock {
  const timers = new TimerQueue();
  let nowMs = 0;
  let wallOffsetMs = options.startUnixMs ?? START_UNIX_MS;
  let trust: ClockTrust = options.trust ?? "trusted";
  let advancing = false;

  async function advanceTo(endMs: number, enough: () => boolean): Promise<void> {
    if (advancing) throw new Error("this clock is being advanced already");
    advancing = true;
    try {
      await untilQuiet();
      let atOnce = 0;
      for (;;) {
        const dueMs = timers.nextMs();
        if (enough()) return;
        if (dueMs === undefined || dueMs > endMs) break;
        atOnce = dueMs > nowMs ? 0 : atOnce + 1;
        if (atOnce > CALLBACKS_AT_ONCE_MAX)
          throw new Error(`time does not get past ${nowMs} ms: a timer of 0 ms loops`);
        nowMs = Math.max(nowMs, dueMs);
        timers.take()?.();
        await untilQuiet();
      }
      nowMs = Math.max(nowMs, endMs);
    } finally {
      advancing = false;
    }
  }

  return {
    monotonicMs: () => nowMs,
    wall: () => ({ unixMs: Math.floor(nowMs + wallOffsetMs), trust }),
    after(delayMs, callback) {
      if (!Number.isFinite(delayMs) || delayMs < 0) throw new RangeError(`a delay of ${delayMs} ms`);
      const pending = timers.add(nowMs + delayMs, callback);
      return { [Symbol.dispose]: () => timers.cancel(pending) };
    },
    advance: (ms) => {
      if (!Number.isFinite(ms) || ms < 0) return Promise.reject(new RangeError(`time cannot advance by ${ms} ms`));
      return advanceTo(nowMs + ms, () => false);
    },
    async advanceUntil(condition, limitMs) {
      await advanceTo(nowMs + limitMs, condition);
      if (!condition()) throw new Error(`still not so after ${limitMs} ms`);
    },
    setWall(unixMs, newTrust) {
      wallOffsetMs = unixMs - nowMs;
      trust = newTrust;
    },
  };
}
