import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { DataType, INTEGER_RANGE } from "./datatype.ts";
import { METRIC, PAYLOAD, PROPERTY_SET, PROPERTY_VALUE } from "./payload.ts";
import type { Metric, Payload, Property, Scalar } from "./payload.ts";

/**
 * A whole payload, for births, deaths and commands. Values are of our own making, so one that does not fit its type
 * is a caller's mistake.
 * @param declare whether metrics say their data type: births, deaths and commands do, NDATA and DDATA should not
 * @throws {RangeError} a value outside its type
 * @see Sparkplug B 3.0 §6.4
 */
export function encodePayload(payload: Payload, declare = true): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  if (payload.timestamp !== undefined) {
    writer.tag(PAYLOAD.timestamp, WireType.Varint).uint64(wholeMs(payload.timestamp));
  }
  for (const metric of payload.metrics) {
    writer.tag(PAYLOAD.metrics, WireType.LengthDelimited).fork();
    writeMetric(writer, metric, declare);
    writer.join();
  }
  if (payload.seq !== undefined) writer.tag(PAYLOAD.seq, WireType.Varint).uint64(payload.seq);
  return writer.finish();
}

function writeMetric(writer: BinaryWriter, metric: Metric, declare: boolean): void {
  if (metric.name !== undefined) writer.tag(METRIC.name, WireType.LengthDelimited).string(metric.name);
  if (metric.alias !== undefined) writer.tag(METRIC.alias, WireType.Varint).uint64(metric.alias);
  if (metric.timestamp !== undefined) {
    writer.tag(METRIC.timestamp, WireType.Varint).uint64(wholeMs(metric.timestamp));
  }
  if (declare && metric.type !== undefined) writer.tag(METRIC.datatype, WireType.Varint).uint32(metric.type);
  if (metric.historical === true) writer.tag(METRIC.isHistorical, WireType.Varint).bool(true);
  if (metric.transient === true) writer.tag(METRIC.isTransient, WireType.Varint).bool(true);
  if (metric.value === null) writer.tag(METRIC.isNull, WireType.Varint).bool(true);
  if (metric.properties !== undefined) {
    writer.tag(METRIC.properties, WireType.LengthDelimited).fork();
    writeProperties(writer, metric.properties);
    writer.join();
  }
  const { value } = metric;
  if (value === undefined || value === null) return;
  if (typeof value === "symbol") throw new RangeError("an opaque value cannot be encoded");
  writeScalar(writer, METRIC, metric.type ?? DataType.Unknown, value);
}

/** The content of a property set: all keys, then all values, in the same order. */
export function writeProperties(writer: BinaryWriter, properties: readonly Property[]): void {
  for (const { key } of properties) writer.tag(PROPERTY_SET.keys, WireType.LengthDelimited).string(key);
  for (const { type, value } of properties) {
    writer.tag(PROPERTY_SET.values, WireType.LengthDelimited).fork();
    writer.tag(PROPERTY_VALUE.type, WireType.Varint).uint32(type);
    if (value === null) {
      writer.tag(PROPERTY_VALUE.isNull, WireType.Varint).bool(true);
    } else if (isPropertySet(value)) {
      writer.tag(PROPERTY_VALUE.propertysetValue, WireType.LengthDelimited).fork();
      writeProperties(writer, value);
      writer.join();
    } else {
      writeScalar(writer, PROPERTY_VALUE, type, value);
    }
    writer.join();
  }
}

const isPropertySet = (value: Scalar | readonly Property[]): value is readonly Property[] => Array.isArray(value);

interface ScalarFields {
  readonly intValue: number;
  readonly longValue: number;
  readonly floatValue: number;
  readonly doubleValue: number;
  readonly booleanValue: number;
  readonly stringValue: number;
  readonly bytesValue?: number;
}

function writeScalar(writer: BinaryWriter, fields: ScalarFields, type: number, value: Scalar): void {
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
  return type === DataType.Bytes || type === DataType.File;
}

function mismatch(type: number, value: Scalar): never {
  throw new RangeError(`a ${typeof value} does not fit Sparkplug data type ${type}`);
}

/** Sparkplug's times are unsigned whole milliseconds; a clock before 1970 says 0, one beyond reason the largest. */
export function wholeMs(unixMs: number): number {
  return unixMs > 0 ? Math.min(Math.floor(unixMs), Number.MAX_SAFE_INTEGER) : 0;
}
