import type { Roster, RosterPoint, RosterSource } from "../../contract/telemetry.ts";
import { scaledType } from "../points/source.ts";
import type { PointState, Source } from "../points/source.ts";

/** Everything there is, with its latest values: what a birth is made of. */
export function rosterOf(bootId: string, revision: number, sources: readonly Source[]): Roster {
  return { kind: "roster", bootId, revision, sources: sources.map(rosterSource) };
}

function rosterSource(source: Source): RosterSource {
  return { name: source.name, bus: source.bus, online: source.online, points: source.points.map(rosterPoint) };
}

function rosterPoint(point: PointState): RosterPoint {
  const { name, unit, low, high, output } = point.snapshot;
  return {
    name,
    type: scaledType(point.snapshot),
    ...(unit === undefined ? {} : { unit }),
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    output: output !== undefined,
    value: point.value,
    quality: point.quality,
    timeMs: point.timeMs,
  };
}
