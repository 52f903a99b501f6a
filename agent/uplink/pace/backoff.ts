import type { Spread } from "./spread.ts";

/** A connection that held this long was a success: the next failure starts over. */
export const STABLE_MS = 30_000;
/** Where no fleet is named: over how long the few gateways of a site return to a restarted broker. */
const ALONE_WINDOW_MS = 3_000;
/** Of the longest pause: what is left of it goes to the connection itself, so that everybody is back within it. */
const PAUSE_SHARE_MAX = 0.9;

/** Pauses between attempts. */
export interface Backoff {
  nextMs(): number;
  reset(): void;
}

/**
 * The first pause is this gateway's place in the window over which its fleet returns to a broker that was away for a
 * moment. From then on pauses double up to nearly `msMax`, each drawn at random; none is shorter than the fleet's
 * window, whatever `msMax` says, so that nobody comes twice before everybody came once.
 */
export function backoff(spread: Spread, msMin: number, msMax: number): Backoff {
  const windowMs = spread.fleetMs > 0 ? spread.fleetMs : Math.min(ALONE_WINDOW_MS, msMax - msMin);
  const shortestMs = Math.max(msMin, spread.fleetMs);
  const longestMs = Math.max(shortestMs, msMax * PAUSE_SHARE_MAX);
  let ceilingMs: number | undefined;
  let drawn = 0;
  return {
    nextMs() {
      const fraction = spread.fraction("reconnect", drawn++);
      if (ceilingMs === undefined) {
        ceilingMs = msMin + windowMs;
        return msMin + fraction * windowMs;
      }
      ceilingMs = Math.min(longestMs, ceilingMs * 2);
      return shortestMs + fraction * (ceilingMs - shortestMs);
    },
    reset() {
      ceilingMs = undefined;
    },
  };
}
