import type { PointType } from "../../../agent/contract/point.ts";

export const METRICS = 50;
/** Different messages in turn, so that no branch is learnt by heart. */
const CYCLES = 64;
const START_MS = Date.UTC(2026, 0, 1);
/** Points read in one request have one time. */
const POINTS_PER_REQUEST = 10;
const REQUEST_MS = 14;

/** Aliases as a birth gives them out: 7 is the device's sequence, 8 its clock trust, points follow. */
export const SEQUENCE_ALIAS = 7;
const POINT_ALIAS_FIRST = 9;

export interface Sample {
  readonly type: PointType;
  readonly alias: number;
  readonly value: number | boolean | string;
  readonly timeMs: number;
}

/** What one DDATA says, before anybody encodes it. */
export interface PollCycle {
  readonly sentMs: number;
  /** sequence of the first value */
  readonly first: number;
  readonly samples: readonly Sample[];
}

/** What field devices have: floats and 16-bit registers, some counters, a switch, a text. */
const KINDS: readonly (readonly [PointType, (n: number) => Sample["value"]])[] = [
  ["float32", (n) => Math.fround(20 + n * 0.37)],
  ["int16", (n) => ((n * 37) % 32_768) - 16_384],
  ["float64", (n) => 230.4 + n * 0.01],
  ["uint16", (n) => (n * 101) % 65_536],
  ["uint32", (n) => (n * 65_537) % 2 ** 32],
  ["bool", (n) => n % 3 === 0],
  ["int32", (n) => n * -4_097],
  ["float64", (n) => n / 7],
  ["uint64", (n) => String(1_000_000_007 * n)],
  ["string", (n) => `running, step ${n}`],
];

export function pollCycles(): readonly PollCycle[] {
  return Array.from({ length: CYCLES }, (_, cycle) => {
    const startMs = START_MS + cycle * 1_000;
    const samples = Array.from({ length: METRICS }, (_unused, i) => {
      const [type, value] = KINDS[i % KINDS.length] as (typeof KINDS)[number];
      const timeMs = startMs + Math.floor(i / POINTS_PER_REQUEST) * REQUEST_MS;
      return { type, alias: POINT_ALIAS_FIRST + i, value: value(cycle * METRICS + i), timeMs };
    });
    return { sentMs: startMs + 250, first: cycle * METRICS, samples };
  });
}
