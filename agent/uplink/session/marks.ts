import type { Mark } from "../../contract/mqtt.ts";
import type { ClockTrust } from "../../../hal/clock.ts";
import type { LostRange } from "./gaps.ts";

/** Sequences of one source that one mark covers. */
export interface Covered {
  readonly from: number;
  to: number;
}

/** A mark that was published and not yet acknowledged. */
export interface MarkInFlight {
  readonly bootId: string;
  /** which connection of `field` its values came over */
  readonly epoch: number;
  readonly sources: ReadonlyMap<string, Covered>;
  readonly gaps: readonly LostRange[];
  /** monotonic clock */
  readonly sentMs: number;
  acknowledged: boolean;
}

/** `{"bootId":…,"timeMs":…,"clock":…,"sources":{},"gaps":[]}` with the longest boot id. */
const EMPTY_MARK_BYTES = 192;
/** `"name":9007199254740991,` and `{"source":…,"from":…,"to":…,"reason":…},` without the name. */
const SOURCE_BYTES = 24;
const GAP_BYTES = 112;

export interface MarkContent {
  readonly sources: ReadonlyMap<string, Covered>;
  readonly gaps: readonly LostRange[];
}

/** Shares sources and gaps out over as many marks as the packet size asks for; usually that is one. */
export function shareOut(
  sources: ReadonlyMap<string, Covered>,
  gaps: readonly LostRange[],
  bytesMax: number,
): MarkContent[] {
  const contents: { sources: Map<string, Covered>; gaps: LostRange[] }[] = [];
  let bytes = Number.POSITIVE_INFINITY;
  const roomFor = (more: number): { sources: Map<string, Covered>; gaps: LostRange[] } => {
    let last = contents.at(-1);
    if (last === undefined || bytes + more > bytesMax) {
      last = { sources: new Map(), gaps: [] };
      contents.push(last);
      bytes = EMPTY_MARK_BYTES;
    }
    bytes += more;
    return last;
  };
  for (const [name, covered] of sources) roomFor(SOURCE_BYTES + name.length).sources.set(name, covered);
  for (const gap of gaps) roomFor(GAP_BYTES + gap.source.length).gaps.push(gap);
  return contents;
}

export function markMessage(bootId: string, clock: ClockTrust, timeMs: number, content: MarkContent): Mark {
  return {
    bootId,
    timeMs,
    clock,
    sources: Object.fromEntries([...content.sources].map(([name, { to }]) => [name, to])),
    gaps: content.gaps.map(({ source, from, to, reason }) => ({ source, from, to, reason })),
  };
}
