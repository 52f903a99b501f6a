const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;
const STEP = 1_000;
const SIGNIFICANT_DIGITS = 3;

/** Bytes as the bills of a network say them: 1 kB is 1000. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.6 kB would be rounded to 1000
  while (Number(value.toPrecision(SIGNIFICANT_DIGITS)) >= STEP && unit < UNITS.length - 1) {
    value /= STEP;
    unit += 1;
  }
  return `${Number(value.toPrecision(SIGNIFICANT_DIGITS))} ${UNITS[unit]}`;
}
