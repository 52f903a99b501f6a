import { defaultType, pointCount } from "../point-size.ts";
import { fittingWrites } from "../rules/output.ts";
import type { Target } from "../rules/output.ts";
import { defaultOf } from "../schema.ts";
import { Point } from "../schema/point.ts";
import type { PointSnapshot } from "../snapshot.ts";
import type { OutputSnapshot } from "../snapshot/outputs.ts";
import { buildRecord } from "./record.ts";

/** @param pollMs the device's, for a point that has none of its own */
export function buildPoint(point: Point, pollMs: number): PointSnapshot {
  const { properties } = Point;
  const { name, table, address, bit, unit, low, high } = point;
  const type = point.type ?? defaultType(table);
  if (type === "record") return buildRecord(point, pollMs);
  const count = pointCount(type, point.length);
  return {
    name,
    table,
    address,
    count,
    type,
    ...(bit === undefined ? {} : { bit }),
    wordOrder: point.wordOrder ?? defaultOf(properties.wordOrder),
    byteOrder: point.byteOrder ?? defaultOf(properties.byteOrder),
    pollMs: point.pollMs ?? pollMs,
    scale: point.scale ?? defaultOf(properties.scale),
    offset: point.offset ?? defaultOf(properties.offset),
    ...(unit === undefined ? {} : { unit }),
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    deadband: point.deadband ?? defaultOf(properties.deadband),
    heartbeatMs: point.heartbeatMs ?? defaultOf(properties.heartbeatMs),
    ...(point.output === undefined ? {} : { output: buildOutput(point.output, { table, type, count }) }),
  };
}

function buildOutput(output: NonNullable<Point["output"]>, target: Target): OutputSnapshot {
  const { low, high } = output;
  const [usual = "multiple"] = fittingWrites(target);
  return {
    write: output.write ?? usual,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
  };
}
