/** Lets `count` through at once and refills evenly in `periodMs`. Time is the caller's, in milliseconds that never go back. */
export function tokenBucket(count: number, periodMs: number): (nowMs: number) => boolean {
  const refillMs = periodMs / count;
  let tokens = count;
  let filledMs: number | undefined;
  return (nowMs) => {
    filledMs ??= nowMs;
    const earned = Math.floor((nowMs - filledMs) / refillMs);
    tokens = Math.min(count, tokens + earned);
    filledMs = tokens === count ? nowMs : filledMs + earned * refillMs;
    if (tokens === 0) return false;
    tokens -= 1;
    return true;
  };
}
