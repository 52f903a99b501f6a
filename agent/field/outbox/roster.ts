import type { Roster, RosterSource } from "../../contract/telemetry.ts";
import type { Source } from "../points/source.ts";

/** Everything there is, with its latest values: what a birth is made of. */
export function rosterOf(bootId: string, revision: number, sources: readonly Source[]): Roster {
  return { kind: "roster", bootId, revision, sources: sources.map(rosterSource) };
}

function rosterSource(source: Source): RosterSource {
  return {
    name: source.name,
    bus: source.bus,
    online: source.online,
    points: source.points.map(({ facts, value, quality, timeMs }) => ({ ...facts, value, quality, timeMs })),
  };
}
