/**
 * How long the receiver wants to be left alone; undefined where it did not say so in seconds. A date is not believed: it
 * would mean nothing unless both clocks were right.
 * @see RFC 9110 §10.2.3
 */
export function retryAfterMs(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,9}$/u.test(value) ? Number(value) * 1_000 : undefined;
}
