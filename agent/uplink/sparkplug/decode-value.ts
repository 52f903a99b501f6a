import { WireType } from "@bufbuild/protobuf/wire";
import type { BinaryReader } from "@bufbuild/protobuf/wire";
import { DataType } from "./datatype.ts";
import type { Scalar } from "./payload.ts";
import { expectWire, readBool, readText, readUint32, readVarint } from "./wire-reader.ts";

/** Kinds of a value in the order of their fields, which metrics, properties, parameters and data sets share. */
export const KIND = { int: 0, long: 1, float: 2, double: 3, boolean: 4, string: 5 } as const;

/** A value as the wire has it. @param kind one of {@link KIND} */
export function readScalar(reader: BinaryReader, wire: WireType, kind: number): Scalar {
  if (kind === KIND.int) return readUint32(reader, wire);
  if (kind === KIND.long) return readVarint(reader, wire);
  if (kind === KIND.float) return expectWire(wire, WireType.Bit32) && reader.float();
  if (kind === KIND.double) return expectWire(wire, WireType.Bit64) && reader.double();
  if (kind === KIND.boolean) return readBool(reader, wire);
  return readText(reader, wire);
}

/** Gives a raw value the sign and width its type asks for; a type that is absent or disagrees changes nothing. */
export function typed(raw: Scalar, type: number): Scalar {
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
