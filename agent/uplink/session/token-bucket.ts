/** Lets `perMinute` through at once and refills evenly. Time is the caller's, in milliseconds that never go back. */
export function tokenBucket(perMinute: number): (nowMs: number) => boolean {
  const refillMs = 60_000 / perMinute;
  let tokens = perMinute;
  let filledMs: number | undefined;
  return (nowMs) => {
    filledMs ??= nowMs;
    const earned = Math.floor((nowMs - filledMs) / refillMs);
    tokens = Math.min(perMinute, tokens + earned);
    filledMs = tokens === perMinute ? nowMs : filledMs + earned * refillMs;
    if (tokens === 0) return false;
    tokens -= 1;
    return true;
  };
}
