import { sparingNearest } from "../hints/nearest.ts";
import type { Loose } from "../loose.ts";
import { defaultType } from "../point-size.ts";
import type { GatewayFile } from "../schema.ts";
import type { PointRef } from "../snapshot/expression.ts";
import { derivedTypes } from "./derived-types.ts";
import { localTypes } from "./local-types.ts";
import type { ValueType } from "./tree.ts";

/** What the points of a file are, for whatever refers to one as `device/point`. */
export interface PointTypes {
  /** undefined where there is no such point, or it is a record or wrong in itself */
  typeOf(ref: PointRef): ValueType | undefined;
  /** Whether the file names such a point at all, whatever is wrong with it. */
  named(ref: PointRef): boolean;
  /** Whether it is a record, which has no one value. */
  isRecord(ref: PointRef): boolean;
  /** A name that may have been meant. @param among where not every point will do */
  nearest(ref: PointRef, among?: readonly PointRef[]): PointRef | undefined;
}

/** Every point of a file: of devices, of the gateway's own inputs, derived ones, and the states of alarms. */
export function pointTypes(file: Loose<GatewayFile>): PointTypes {
  const types = new Map<PointRef, ValueType | "record" | undefined>([...deviceTypes(file), ...localTypes(file)]);
  const typeOf = (ref: PointRef): ValueType | undefined => {
    const type = types.get(ref);
    return type === "record" ? undefined : type;
  };
  for (const [ref, type] of derivedTypes(file, typeOf)) types.set(ref, type);
  const nearest = sparingNearest();
  return {
    typeOf,
    isRecord: (ref) => types.get(ref) === "record",
    named: (ref) => types.has(ref),
    nearest: (ref, among) => nearest(ref, among ?? [...types.keys()]),
  };
}

function* deviceTypes(file: Loose<GatewayFile>): Generator<readonly [PointRef, ValueType | "record" | undefined]> {
  for (const bus of file.buses ?? [])
    for (const device of bus?.devices ?? [])
      for (const point of device?.points ?? []) {
        if (device?.name === undefined || point?.name === undefined) continue;
        const type = point.type ?? (point.table === undefined ? undefined : defaultType(point.table));
        yield [`${device.name}/${point.name}`, type === undefined ? undefined : valueType(type)];
      }
}

function valueType(type: string): ValueType | "record" {
  return type === "bool" || type === "string" || type === "record" ? type : "number";
}
