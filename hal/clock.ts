/**
 * How far the wall clock may be believed.
 * - `untrusted`: nothing vouches for it (no battery-backed clock, never synchronised, or before the build's own date)
 * - `bounded`: not before the latest instant known to be past, not confirmed by a time source
 * - `trusted`: confirmed by a time source on this boot
 * @see IEC 62443-4-2 CR 2.11: time is a claim with a trust level
 */
export type ClockTrust = "untrusted" | "bounded" | "trusted";

export interface WallReading {
  /** milliseconds since 1970-01-01T00:00:00Z */
  readonly unixMs: number;
  readonly trust: ClockTrust;
}

/** A pending callback. Disposing it more than once, or after it fired, does nothing. */
export interface Timer extends Disposable {}

/** Everything that knows time. Timers run on the monotonic clock; a wall clock that jumps moves none of them. */
export interface Clock {
  /** Milliseconds, fractional, never going back; the origin is arbitrary and differs between processes. */
  monotonicMs(): number;
  wall(): WallReading;
  /**
   * Calls back once, never before `delayMs` has passed on the monotonic clock, however fractional; later is possible.
   * @throws {RangeError} unless `delayMs` is finite and not negative
   */
  after(delayMs: number, callback: () => void): Timer;
}

/** Resolves after `delayMs`; rejects with the signal's reason as soon as it aborts, leaving no timer behind. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = (): void => {
      timer[Symbol.dispose]();
      reject(signal?.reason as Error);
    };
    const timer = clock.after(delayMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** Calls back each `periodMs`, for the first time after one of them, until disposed. */
export function every(clock: Pick<Clock, "after">, periodMs: number, act: () => void): Timer {
  let timer: Timer;
  const again = (): void => {
    timer = clock.after(periodMs, () => {
      again();
      act();
    });
  };
  again();
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}
