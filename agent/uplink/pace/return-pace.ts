import type { Spread } from "./spread.ts";

/** How much rarer a return becomes that fails again and again: a broker that answers TLS and serves nobody. */
export const RETURN_SLOWDOWN_MAX = 16;
/** Gateways that fled a broker together do not come back to it together. */
const JITTER = 0.25;

/** How long a worse way serves before a better one is looked at. */
export interface ReturnPace {
  nextMs(): number;
  /** A better way answered, was taken and did not hold: what serves was interrupted for nothing. */
  failed(): void;
  /** A connection held on the way that is served now. */
  held(): void;
}

export function returnPace(spread: Pick<Spread, "fraction">, returnMs: number): ReturnPace {
  let slowdown = 1;
  let drawn = 0;
  return {
    nextMs: () => returnMs * slowdown * (1 - JITTER + spread.fraction("return", drawn++) * 2 * JITTER),
    failed() {
      slowdown = Math.min(RETURN_SLOWDOWN_MAX, slowdown * 2);
    },
    held() {
      slowdown = 1;
    },
  };
}
