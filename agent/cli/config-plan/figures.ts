/** To a tenth. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** `3 %`, `0.4 %`: never 0 for what is not nothing. */
export function percentText(value: number): string {
  if (value >= 10) return `${Math.round(value)} %`;
  return value > 0 && value < 0.05 ? "<0.1 %" : `${rounded(value)} %`;
}

/** `57 ms`, `1.3 s`, `2 min` */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${ms < 10 ? rounded(ms) : Math.round(ms)} ms`;
  return ms < 120_000 ? `${Math.round(ms / 100) / 10} s` : `${rounded(ms / 60_000)} min`;
}
