import { defaultType, pointCount } from "../point-size.ts";
import { defaultOf } from "../schema.ts";
import { Point } from "../schema/point.ts";
import type { PointSnapshot } from "../snapshot.ts";
import { buildByte } from "./byte.ts";
import { buildOutput } from "./output.ts";
import { buildRecord } from "./record.ts";

/**
 * @param pollMs the device's, for a point that has none of its own
 * @param addressBase what the first address is called in the file
 */
export function buildPoint(point: Point, pollMs: number, addressBase: 0 | 1): PointSnapshot {
  const { properties } = Point;
  const { name, table, bit, unit, low, high } = point;
  const address = point.address - addressBase;
  const type = point.type ?? defaultType(table);
  if (type === "record") return buildRecord(point, pollMs, addressBase);
  const count = pointCount(type, point.length);
  return {
    name,
    table,
    address,
    count,
    type,
    ...(bit === undefined ? {} : { bit }),
    ...buildByte(type, point),
    wordOrder: point.wordOrder ?? defaultOf(properties.wordOrder),
    byteOrder: point.byteOrder ?? defaultOf(properties.byteOrder),
    pollMs: point.pollMs ?? pollMs,
    ...(point.clearOnRead === true ? { clearOnRead: true } : {}),
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
