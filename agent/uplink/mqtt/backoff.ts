import type { Entropy } from "../../../hal/entropy.ts";

/** A connection that held this long was a success: the next failure starts over. */
export const STABLE_MS = 30_000;

/** Pauses between attempts: they double from the first to the longest, each drawn at random, never below `msMin`. */
export interface Backoff {
  nextMs(): number;
  reset(): void;
}

/** Jitter keeps a thousand gateways from returning to a restarted broker in the same second. */
export function backoff(entropy: Entropy, msMin: number, msMax: number): Backoff {
  let ceilingMs = msMin;
  return {
    nextMs() {
      ceilingMs = Math.min(msMax, ceilingMs * 2);
      return Math.min(msMax, msMin + entropy.fraction() * (ceilingMs - msMin));
    },
    reset() {
      ceilingMs = msMin;
    },
  };
}
