import type { Mark } from "../../contract/mqtt.ts";

export type GapReason = Mark["gaps"][number]["reason"];

/** Sequences that could not be kept or published, until an acknowledged mark has said so. */
export interface LostRange {
  readonly bootId: string;
  readonly source: string;
  readonly from: number;
  to: number;
  readonly reason: GapReason;
  /** gap messages of `field` that this range stands for: what its acknowledgement counts */
  readonly fromField: number;
}

/** Every lost range in the order it became known, and how many values they come to. */
export interface Gaps {
  /** waiting for a mark */
  readonly waiting: number;
  /** values lost since start, each counted once however often its gap is said */
  readonly valuesDropped: number;
  add(range: LostRange): void;
  /** Takes up to `count` ranges of the oldest one's boot. */
  take(count: number): LostRange[];
  /** Puts ranges back in front, in their order: the mark that said them was never acknowledged. */
  putBack(ranges: readonly LostRange[]): void;
  /** Drops what its origin will say again: `field` on a new connection, values of this boot when they are published again. */
  forget(bootId: string, origin: "field" | "values"): void;
}

export function openGaps(): Gaps {
  let ranges: LostRange[] = [];
  let valuesDropped = 0;
  // what field lost and what was lost here each become known in their order, but not in one
  const counted = new Map<string, { readonly bootId: string; readonly upTo: number }>();
  return {
    get waiting() {
      return ranges.length;
    },
    get valuesDropped() {
      return valuesDropped;
    },
    add(range) {
      const origin = `${range.fromField > 0 ? "field" : "values"} ${range.source}`;
      const before = counted.get(origin);
      const from = before?.bootId === range.bootId ? Math.max(range.from, before.upTo + 1) : range.from;
      if (range.to >= from) {
        valuesDropped += range.to - from + 1;
        counted.set(origin, { bootId: range.bootId, upTo: range.to });
      }
      const last = ranges.at(-1);
      if (last !== undefined && range.fromField === 0 && last.fromField === 0 && follows(last, range)) {
        last.to = range.to;
      } else ranges.push({ ...range });
    },
    take(count) {
      const bootId = ranges[0]?.bootId;
      let n = 0;
      while (n < count && n < ranges.length && ranges[n]?.bootId === bootId) n += 1;
      return ranges.splice(0, n);
    },
    putBack(again) {
      ranges = [...again, ...ranges];
    },
    forget(bootId, origin) {
      ranges = ranges.filter((range) => range.bootId !== bootId || range.fromField > 0 !== (origin === "field"));
    },
  };
}

function follows(last: LostRange, range: LostRange): boolean {
  return (
    last.bootId === range.bootId &&
    last.source === range.source &&
    last.reason === range.reason &&
    last.to + 1 === range.from
  );
}
