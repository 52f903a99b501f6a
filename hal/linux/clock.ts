import type { Clock, ClockTrust } from "../clock.ts";
import { exists } from "./exists.ts";

/** This software was not written before then, so no clock that says otherwise is right. 2026-11-21T00:00:00Z. */
const BUILT_UNIX_MS = 1_795_219_200_000;
/** systemd-timesyncd makes it at the first synchronisation of this boot; the folder does not survive a boot. */
const SYNCHRONIZED_PATH = "/run/systemd/timesync/synchronized";
/** How long one look at {@link SYNCHRONIZED_PATH} is believed. */
const LOOK_MS = 60_000;
/** What every timer is late by anyway: a delay this little over a whole number of milliseconds needs no further one. */
const LATE_ANYWAY_MS = 0.05;
/** Node's longest delay; beyond it setTimeout fires after 1 ms. */
const DELAY_MS_MAX = 2 ** 31 - 1;

export interface LinuxClockOptions {
  /** the latest instant known to be past; a wall clock before it is `untrusted`. Default: when this was built */
  readonly notBeforeUnixMs?: number;
  /** a file that exists once a time source has confirmed the wall clock on this boot */
  readonly synchronizedPath?: string;
}

/**
 * The wall clock is `trusted` once systemd-timesyncd says so; chrony and ntpd leave no file that says so honestly, so
 * with them it stays `bounded`.
 */
export function linuxClock(options: LinuxClockOptions = {}): Clock {
  const notBeforeUnixMs = options.notBeforeUnixMs ?? BUILT_UNIX_MS;
  const synchronizedPath = options.synchronizedPath ?? SYNCHRONIZED_PATH;
  let lookedMs = Number.NEGATIVE_INFINITY;
  let synchronized = false;

  const trust = (unixMs: number): ClockTrust => {
    if (unixMs < notBeforeUnixMs) return "untrusted";
    if (performance.now() - lookedMs >= LOOK_MS) {
      lookedMs = performance.now();
      synchronized = exists(synchronizedPath);
    }
    return synchronized ? "trusted" : "bounded";
  };

  return {
    monotonicMs: () => performance.now(),
    wall() {
      const unixMs = Date.now();
      return { unixMs, trust: trust(unixMs) };
    },
    after(delayMs, callback) {
      if (!Number.isFinite(delayMs) || delayMs < 0) throw new RangeError(`a delay of ${delayMs} ms`);
      const dueMs = performance.now() + delayMs;
      // setTimeout cuts fractions off, counts from when this turn of the loop began and knows 24.8 days at most:
      // what it calls due may not be.
      const wait = (): NodeJS.Timeout => {
        const leftMs = Math.ceil(dueMs - performance.now() - LATE_ANYWAY_MS);
        return setTimeout(fire, Math.min(Math.max(leftMs, 1), DELAY_MS_MAX));
      };
      const fire = (): void => {
        if (performance.now() < dueMs) timeout = wait();
        else callback();
      };
      let timeout = wait();
      return { [Symbol.dispose]: () => clearTimeout(timeout) };
    },
  };
}
