const DAY_MS = 86_400_000;
/** The Gregorian calendar repeats after 400 years. */
const ERA_DAYS = 146_097;
/** From 0000-03-01 to 1970-01-01: an era that begins in March has its leap day last. */
const MARCH_OF_YEAR_0_DAYS = 719_468;
const LATEST_MS = 253_402_300_799_999;

/**
 * `2026-01-01T00:00:00.000Z`; what lies outside the years 1970 to 9999 is shown as their first or last moment, since four
 * digits are all that receivers read.
 * @see RFC 3339 §5.6
 */
export function isoTime(unixMs: number): string {
  const ms = Math.min(LATEST_MS, Math.max(0, Math.floor(unixMs)));
  const days = Math.floor(ms / DAY_MS) + MARCH_OF_YEAR_0_DAYS;
  const era = Math.floor(days / ERA_DAYS);
  const dayOfEra = days % ERA_DAYS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const inDay = ms % DAY_MS;
  const two = (value: number): string => `${Math.floor(value)}`.padStart(2, "0");
  const time = `${two(inDay / 3_600_000)}:${two((inDay / 60_000) % 60)}:${two((inDay / 1_000) % 60)}`;
  return `${`${year}`.padStart(4, "0")}-${two(month)}-${two(day)}T${time}.${`${inDay % 1_000}`.padStart(3, "0")}Z`;
}
