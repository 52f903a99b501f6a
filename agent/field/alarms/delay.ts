/**
 * Holds a condition against its delays, on the monotonic clock. While it is not known (undefined) nothing changes, and
 * a delay that was running begins anew: what nobody saw does not count.
 * @returns whether the condition holds, delays considered
 */
export function delayed(
  { onDelayMs, offDelayMs }: { readonly onDelayMs: number; readonly offDelayMs: number },
  active: boolean,
): (holds: boolean | undefined, nowMs: number) => boolean {
  let settled = active;
  let sinceMs: number | undefined;
  return (holds, nowMs) => {
    if (holds === undefined || holds === settled) {
      sinceMs = undefined;
      return settled;
    }
    sinceMs ??= nowMs;
    if (nowMs - sinceMs < (holds ? onDelayMs : offDelayMs)) return settled;
    settled = holds;
    sinceMs = undefined;
    return settled;
  };
}
