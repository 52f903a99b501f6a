/** One number of one case. Without a target it is reported and judges nothing. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** the bar: at most, or at least, this */
  readonly atMost?: number;
  readonly atLeast?: number;
  /** measured in the same run, for whoever compares machines */
  readonly yardstick?: { readonly name: string; readonly value: number };
  /** every round, in order, where the value is their median */
  readonly rounds?: readonly number[];
}

export interface BenchContext {
  /** one line of progress */
  say(line: string): void;
  readonly signal: AbortSignal;
  /** the `holdfast` command under test */
  readonly entry: string;
}

export interface BenchCase {
  readonly name: string;
  /** what it does, for `--help` */
  readonly about: string;
  run(context: BenchContext): Promise<readonly Figure[]>;
}

export type Verdict = "pass" | "MISS" | "";

export function verdict(figure: Figure): Verdict {
  if (figure.atMost === undefined && figure.atLeast === undefined) return "";
  const low = figure.atMost === undefined || figure.value <= figure.atMost;
  const high = figure.atLeast === undefined || figure.value >= figure.atLeast;
  return low && high ? "pass" : "MISS"; // NaN misses both
}
