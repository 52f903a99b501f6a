const UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `"1m30s"` in milliseconds; a bare number is in seconds, as Telegraf takes it. Undefined for anything else. */
export function durationMs(written: string | number): number | undefined {
  if (typeof written === "number") return written >= 0 ? Math.round(written * 1_000) : undefined;
  const text = written.trim();
  if (/^\d+(?:\.\d+)?$/u.test(text)) return Math.round(Number(text) * 1_000);
  if (!/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d))+$/u.test(text)) return undefined;
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)/gu))
    ms += Number(amount) * (UNITS_MS[unit ?? ""] ?? 0);
  return Math.round(ms);
}
