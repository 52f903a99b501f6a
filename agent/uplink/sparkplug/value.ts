import type { PointType, PointValue } from "../../contract/point.ts";
import { DATA_TYPE_OF_POINT, DataType, INTEGER_RANGE } from "./datatype.ts";
import type { Scalar } from "./payload.ts";

const DECIMAL = /^-?\d{1,20}$/;

/**
 * A point's value as a Sparkplug scalar, or null where there is none or it does not fit its type: `field` is another
 * process, and what it sends is no reason to stop publishing.
 */
export function pointScalar(type: PointType, value: PointValue): Scalar | null {
  // no value, or the many values of a record
  if (typeof value === "object") return null;
  if (type === "bool") return typeof value === "boolean" ? value : null;
  if (type === "string") return typeof value === "string" ? value : null;
  if (type === "int64" || type === "uint64") return wideInteger(type, value);
  if (typeof value !== "number") return null;
  if (type === "float64") return Number.isFinite(value) ? value : null;
  if (type === "float32" || type === "float16") return Number.isFinite(Math.fround(value)) ? value : null;
  if (type === "uint32") return isWithin(value, INTEGER_RANGE[DataType.UInt32]) ? BigInt(value) : null;
  return isWithin(value, INTEGER_RANGE[DATA_TYPE_OF_POINT[type]]) ? value : null;
}

function isWithin(value: number, range: readonly [number, number] | undefined): boolean {
  return range !== undefined && Number.isInteger(value) && value >= range[0] && value <= range[1];
}

function wideInteger(type: "int64" | "uint64", value: number | boolean | string): bigint | null {
  if (!(typeof value === "string" ? DECIMAL.test(value) : Number.isSafeInteger(value))) return null;
  const wide = BigInt(value);
  return (type === "int64" ? BigInt.asIntN(64, wide) : BigInt.asUintN(64, wide)) === wide ? wide : null;
}
