import { WireType } from "@bufbuild/protobuf/wire";
import type { BinaryWriter } from "@bufbuild/protobuf/wire";
import { DataType, INTEGER_RANGE } from "./datatype.ts";
import type { Scalar } from "./payload.ts";

/** Where the kinds of a value stand in its message. */
export interface ScalarFields {
  readonly intValue: number;
  readonly longValue: number;
  readonly floatValue: number;
  readonly doubleValue: number;
  readonly booleanValue: number;
  readonly stringValue: number;
  readonly bytesValue?: number;
}

/** @throws {RangeError} a value outside its type */
export function writeScalar(writer: BinaryWriter, fields: ScalarFields, type: number, value: Scalar): void {
  const range = INTEGER_RANGE[type];
  if (range !== undefined && typeof value === "number") {
    if (!Number.isInteger(value) || value < range[0] || value > range[1]) mismatch(type, value);
    // negative numbers travel as 32-bit two's complement in an unsigned field, whatever their own width
    writer.tag(fields.intValue, WireType.Varint).uint32(value >>> 0);
  } else if (type === DataType.Int64 && typeof value === "bigint") {
    writer.tag(fields.longValue, WireType.Varint).int64(value);
  } else if ((type === DataType.UInt64 || type === DataType.DateTime) && typeof value === "bigint") {
    writer.tag(fields.longValue, WireType.Varint).uint64(value);
  } else if (type === DataType.Float && typeof value === "number") {
    writer.tag(fields.floatValue, WireType.Bit32).float(value);
  } else if (type === DataType.Double && typeof value === "number") {
    writer.tag(fields.doubleValue, WireType.Bit64).double(value);
  } else if (type === DataType.Boolean && typeof value === "boolean") {
    writer.tag(fields.booleanValue, WireType.Varint).bool(value);
  } else if (isText(type) && typeof value === "string") {
    writer.tag(fields.stringValue, WireType.LengthDelimited).string(value);
  } else if (isBytes(type) && value instanceof Uint8Array && fields.bytesValue !== undefined) {
    writer.tag(fields.bytesValue, WireType.LengthDelimited).bytes(value);
  } else {
    mismatch(type, value);
  }
}

function isText(type: number): boolean {
  return type === DataType.String || type === DataType.Text || type === DataType.UUID;
}

function isBytes(type: number): boolean {
  const array = type >= DataType.Int8Array && type <= DataType.DateTimeArray;
  return type === DataType.Bytes || type === DataType.File || array;
}

/** @throws {RangeError} always */
export function mismatch(type: number, value: unknown): never {
  throw new RangeError(`a ${typeof value} does not fit Sparkplug data type ${type}`);
}

/** Sparkplug's times are unsigned whole milliseconds; a clock before 1970 says 0, one beyond reason the largest. */
export function wholeMs(unixMs: number): number {
  return unixMs > 0 ? Math.min(Math.floor(unixMs), Number.MAX_SAFE_INTEGER) : 0;
}
