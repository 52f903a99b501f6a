import { compileExpression } from "../expression/index.ts";
import { derivedOrder } from "../expression/derived-types.ts";
import type { PointTypes } from "../expression/point-types.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { Derived, DerivedPoint } from "../schema/derived.ts";
import type { DerivedPoint as DerivedPointSnapshot, DerivedSnapshot } from "../snapshot/logic.ts";

/** Derived points in an order in which each comes after what it reads. */
export function buildDerived(file: GatewayFile, points: PointTypes): DerivedSnapshot | undefined {
  const { derived } = file;
  if (derived === undefined) return undefined;
  return {
    device: derived.device ?? defaultOf(Derived.properties.device),
    points: derivedOrder(file).order.map((index) => buildPoint(derived.points[index] as DerivedPoint, points)),
  };
}

function buildPoint(point: DerivedPoint, points: PointTypes): DerivedPointSnapshot {
  const { properties } = DerivedPoint;
  const { name, unit, low, high } = point;
  const compiled = compileExpression(point.expression, (ref) => points.typeOf(ref));
  if ("error" in compiled) throw new TypeError(`an unchecked expression was to be built: ${compiled.error.message}`);
  return {
    name,
    type: compiled.type === "number" ? "float64" : compiled.type,
    expression: compiled.expression,
    everyMs: point.everyMs ?? defaultOf(properties.everyMs),
    ...(unit === undefined ? {} : { unit }),
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    deadband: point.deadband ?? defaultOf(properties.deadband),
    heartbeatMs: point.heartbeatMs ?? defaultOf(properties.heartbeatMs),
  };
}
