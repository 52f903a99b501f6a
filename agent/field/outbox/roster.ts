import type { RecordSnapshot, ScalarSnapshot } from "../../config/snapshot.ts";
import type { RecordShape, Roster, RosterPoint, RosterSource } from "../../contract/telemetry.ts";
import { scaledType } from "../points/source.ts";
import type { PointState, Source } from "../points/source.ts";

/** Everything there is, with its latest values: what a birth is made of. */
export function rosterOf(bootId: string, revision: number, sources: readonly Source[]): Roster {
  return { kind: "roster", bootId, revision, sources: sources.map(rosterSource) };
}

function rosterSource(source: Source): RosterSource {
  return { name: source.name, bus: source.bus, online: source.online, points: source.points.map(rosterPoint) };
}

function rosterPoint({ snapshot, value, quality, timeMs }: PointState): RosterPoint {
  const latest = { value, quality, timeMs };
  if (snapshot.type !== "record") return { ...scalarFacts(snapshot), ...latest };
  return { name: snapshot.name, type: "record", record: recordShape(snapshot), output: false, ...latest };
}

function scalarFacts(snapshot: ScalarSnapshot): Omit<RosterPoint, "value" | "quality" | "timeMs"> {
  const { name, unit, low, high, output } = snapshot;
  return {
    name,
    type: scaledType(snapshot),
    ...(unit === undefined ? {} : { unit }),
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    output: output !== undefined,
  };
}

/** What the cells of a record's value are, once they are scaled. */
export function recordShape({ template, members, rows }: RecordSnapshot): RecordShape {
  return {
    ...(template === undefined ? {} : { template }),
    ...(rows === undefined ? {} : { rows: rows.count }),
    members: members.map((member) => ({
      name: member.name,
      type: scaledType(member),
      ...(member.unit === undefined ? {} : { unit: member.unit }),
    })),
  };
}
