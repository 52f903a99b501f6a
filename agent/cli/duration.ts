const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `30m`, `2h`, `1d`, `1.5h`: milliseconds; undefined for anything else, a number without its unit included. */
export function durationMs(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,6}(?:\.\d{1,3})?)([smhd])$/u.exec(text) ?? [];
  return unit === undefined ? undefined : Math.round(Number(amount) * (UNIT_MS[unit] ?? 0));
}
