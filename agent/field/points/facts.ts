import type { MemberSnapshot, PointSnapshot, RecordSnapshot, ScalarSnapshot } from "../../config/snapshot.ts";
import type { PointType } from "../../contract/point.ts";
import type { RecordShape } from "../../contract/telemetry.ts";
import type { PointFacts } from "./source.ts";

/** What a birth says of a point of a device. */
export function pointFacts(snapshot: PointSnapshot): PointFacts {
  if (snapshot.type === "record") {
    return { name: snapshot.name, type: "record", record: recordShape(snapshot), output: false };
  }
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

/** What a value is once it is scaled: a scaled number is a float64. */
function scaledType(point: ScalarSnapshot | MemberSnapshot): PointType {
  if (point.type === "bool" || point.type === "string" || (point.scale === 1 && point.offset === 0)) return point.type;
  return "float64";
}

/** What the cells of a record's value are, once they are scaled. */
function recordShape({ template, members, rows }: RecordSnapshot): RecordShape {
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
