import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { DataType } from "./datatype.ts";
import { METRIC, OPAQUE, PAYLOAD, PROPERTY_SET, PROPERTY_VALUE } from "./payload.ts";
import type { Metric, Payload, Property, Scalar } from "./payload.ts";

export const METRICS_MAX = 4_096;
export const PROPERTIES_MAX = 64;
export const PROPERTY_NESTING_MAX = 4;
export const TEXT_BYTES_MAX = 65_536;

export type PayloadRefusal =
  | "PAYLOAD_MALFORMED" // not the protobuf encoding, or a field of the wrong kind
  | "PAYLOAD_LIMIT"; // more metrics, properties, nesting or text than any host has reason to send

/** What became of bytes from outside: nothing else can come of them. */
export type Decoded = { readonly payload: Payload } | { readonly refusal: PayloadRefusal; readonly message: string };

class Refused extends Error {
  readonly code: PayloadRefusal;
  constructor(code: PayloadRefusal, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Reads a payload from outside. Unknown fields are passed over; where a field repeats that should not, the last one
 * counts, as protobuf says; data sets, templates and extensions are not opened.
 * @see Sparkplug B 3.0 §6.4
 */
export function decodePayload(bytes: Uint8Array): Decoded {
  try {
    return { payload: readPayload(new BinaryReader(bytes)) };
  } catch (error) {
    const refusal = error instanceof Refused ? error.code : "PAYLOAD_MALFORMED";
    return { refusal, message: error instanceof Error ? error.message : "not a payload" };
  }
}

function readPayload(reader: BinaryReader): Payload {
  let timestamp: number | undefined;
  let seq: number | undefined;
  const metrics: Metric[] = [];
  readFields(reader, (field, wire) => {
    if (field === PAYLOAD.metrics) {
      if (metrics.length === METRICS_MAX) throw new Refused("PAYLOAD_LIMIT", `more than ${METRICS_MAX} metrics`);
      metrics.push(readMetric(subReader(reader, wire)));
    } else if (field === PAYLOAD.timestamp) timestamp = Number(readVarint(reader, wire));
    else if (field === PAYLOAD.seq) seq = Number(readVarint(reader, wire));
    else return false;
    return true;
  });
  return { metrics, ...(timestamp === undefined ? {} : { timestamp }), ...(seq === undefined ? {} : { seq }) };
}

function readMetric(reader: BinaryReader): Metric {
  const metric: { -readonly [Key in keyof Metric]: Metric[Key] } = {};
  let raw: Raw | undefined;
  let isNull = false;
  readFields(reader, (field, wire) => {
    if (field === METRIC.name) metric.name = readText(reader, wire);
    else if (field === METRIC.alias) metric.alias = Number(readVarint(reader, wire));
    else if (field === METRIC.timestamp) metric.timestamp = Number(readVarint(reader, wire));
    else if (field === METRIC.datatype) metric.type = readUint32(reader, wire);
    else if (field === METRIC.isHistorical) metric.historical = readBool(reader, wire);
    else if (field === METRIC.isTransient) metric.transient = readBool(reader, wire);
    else if (field === METRIC.isNull) isNull = readBool(reader, wire);
    else if (field === METRIC.properties) metric.properties = readProperties(subReader(reader, wire), 1);
    else if (field >= METRIC.intValue && field <= METRIC.extensionValue) {
      raw = readRaw(reader, wire, field - METRIC.intValue);
    } else return false;
    return true;
  });
  if (isNull) metric.value = null;
  else if (raw !== undefined) metric.value = typed(raw, metric.type ?? DataType.Unknown);
  return metric;
}

function readProperties(reader: BinaryReader, depth: number): readonly Property[] {
  if (depth > PROPERTY_NESTING_MAX)
    throw new Refused("PAYLOAD_LIMIT", `properties nested over ${PROPERTY_NESTING_MAX}`);
  const keys: string[] = [];
  const values: Omit<Property, "key">[] = [];
  readFields(reader, (field, wire) => {
    if (field === PROPERTY_SET.keys) keys.push(readText(reader, wire));
    else if (field === PROPERTY_SET.values) values.push(readProperty(subReader(reader, wire), depth));
    else return false;
    if (keys.length > PROPERTIES_MAX || values.length > PROPERTIES_MAX) {
      throw new Refused("PAYLOAD_LIMIT", `more than ${PROPERTIES_MAX} properties`);
    }
    return true;
  });
  if (keys.length !== values.length) {
    throw new Refused("PAYLOAD_MALFORMED", `${keys.length} property keys for ${values.length} values`);
  }
  return values.map((value, i) => ({ key: keys[i] ?? "", ...value }));
}

function readProperty(reader: BinaryReader, depth: number): Omit<Property, "key"> {
  let type: number = DataType.Unknown;
  let isNull = false;
  let raw: Raw | undefined;
  let nested: readonly Property[] | undefined;
  readFields(reader, (field, wire) => {
    if (field === PROPERTY_VALUE.type) type = readUint32(reader, wire);
    else if (field === PROPERTY_VALUE.isNull) isNull = readBool(reader, wire);
    else if (field === PROPERTY_VALUE.propertysetValue) nested = readProperties(subReader(reader, wire), depth + 1);
    else if (field >= PROPERTY_VALUE.intValue && field <= PROPERTY_VALUE.stringValue) {
      raw = readRaw(reader, wire, field - PROPERTY_VALUE.intValue);
    } else return false;
    return true;
  });
  if (isNull || (raw === undefined && nested === undefined)) return { type, value: null };
  if (nested !== undefined) return { type, value: nested };
  const value = raw === undefined ? null : typed(raw, type);
  return { type, value: typeof value === "symbol" ? null : value };
}

/** A value as the wire has it; metric and property values share the order of their kinds. */
type Raw = Scalar | typeof OPAQUE;
const KIND = { int: 0, long: 1, float: 2, double: 3, boolean: 4, string: 5, bytes: 6 } as const;

function readRaw(reader: BinaryReader, wire: WireType, kind: number): Raw {
  if (kind === KIND.int) return readUint32(reader, wire);
  if (kind === KIND.long) return readVarint(reader, wire);
  if (kind === KIND.float) return expect(wire, WireType.Bit32) && reader.float();
  if (kind === KIND.double) return expect(wire, WireType.Bit64) && reader.double();
  if (kind === KIND.boolean) return readBool(reader, wire);
  if (kind === KIND.string) return readText(reader, wire);
  expect(wire, WireType.LengthDelimited);
  return kind === KIND.bytes ? new Uint8Array(reader.bytes()) : (reader.skip(wire), OPAQUE);
}

/** Gives a raw value the sign and width its type asks for; a type that is absent or disagrees changes nothing. */
function typed(raw: Raw, type: number): Raw {
  if (typeof raw === "number") {
    if (type === DataType.Int8) return (raw << 24) >> 24;
    if (type === DataType.Int16) return (raw << 16) >> 16;
    if (type === DataType.Int32) return raw | 0;
  }
  if (typeof raw === "bigint") {
    if (type === DataType.Int64) return BigInt.asIntN(64, raw);
    // the reference implementations put UInt32 into the 64-bit field, against the specification's table
    if (type === DataType.UInt32) return Number(BigInt.asUintN(32, raw));
  }
  return raw;
}

function readFields(reader: BinaryReader, field: (number: number, wire: WireType) => boolean): void {
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    if (wire === WireType.StartGroup || wire === WireType.EndGroup) {
      throw new Refused("PAYLOAD_MALFORMED", "groups do not occur in a payload");
    }
    if (!field(number, wire)) reader.skip(wire, number);
  }
  if (reader.pos > reader.len) throw new Refused("PAYLOAD_MALFORMED", "ends inside a field");
}

function subReader(reader: BinaryReader, wire: WireType): BinaryReader {
  expect(wire, WireType.LengthDelimited);
  return new BinaryReader(reader.bytes());
}

function readText(reader: BinaryReader, wire: WireType): string {
  expect(wire, WireType.LengthDelimited);
  const bytes = reader.bytes();
  if (bytes.length > TEXT_BYTES_MAX) throw new Refused("PAYLOAD_LIMIT", `text over ${TEXT_BYTES_MAX} bytes`);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
}

function readVarint(reader: BinaryReader, wire: WireType): bigint {
  expect(wire, WireType.Varint);
  return BigInt(reader.uint64());
}

function readUint32(reader: BinaryReader, wire: WireType): number {
  expect(wire, WireType.Varint);
  return reader.uint32() >>> 0;
}

function readBool(reader: BinaryReader, wire: WireType): boolean {
  return expect(wire, WireType.Varint) && reader.bool();
}

function expect(wire: WireType, wanted: WireType): true {
  if (wire !== wanted) throw new Refused("PAYLOAD_MALFORMED", `wire type ${wire} where ${wanted} belongs`);
  return true;
}
