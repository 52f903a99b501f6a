const SECOND_MS = 1_000;
const DAY_S = 86_400;
/** Days from 0000-03-01 to 1970-01-01, in the calendar of today. */
const EPOCH_DAYS = 719_468;
const ERA_DAYS = 146_097;

/**
 * `2026-01-01 00:10:00 UTC`, for sentences. Reckoned with years that begin in March, so that a leap day is the last of
 * its year.
 */
export function utcText(unixMs: number): string {
  const seconds = Math.floor(unixMs / SECOND_MS);
  const days = Math.floor(seconds / DAY_S);
  const era = Math.floor((days + EPOCH_DAYS) / ERA_DAYS);
  const dayOfEra = days + EPOCH_DAYS - era * ERA_DAYS;
  const year = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const march = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * march + 2) / 5) + 1;
  const month = march < 10 ? march + 3 : march - 9;
  const time = seconds - days * DAY_S;
  const two = (value: number): string => String(value).padStart(2, "0");
  const clock = [time / 3_600, (time / 60) % 60, time % 60].map((part) => two(Math.floor(part)));
  return `${year + 400 * era + (month <= 2 ? 1 : 0)}-${two(month)}-${two(day)} ${clock.join(":")} UTC`;
}
