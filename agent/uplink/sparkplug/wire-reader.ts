import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

export const TEXT_BYTES_MAX = 65_536;

export type PayloadRefusal =
  | "PAYLOAD_MALFORMED" // not the protobuf encoding, or a field of the wrong kind
  | "PAYLOAD_LIMIT"; // more metrics, properties, cells, nesting or text than any host has reason to send

export class Refused extends Error {
  readonly code: PayloadRefusal;
  constructor(code: PayloadRefusal, message: string) {
    super(message);
    this.code = code;
  }
}

/** Hands over every field until the end; what `field` answers false to is passed over. */
export function readFields(reader: BinaryReader, field: (number: number, wire: WireType) => boolean): void {
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    if (wire === WireType.StartGroup || wire === WireType.EndGroup) {
      throw new Refused("PAYLOAD_MALFORMED", "groups do not occur in a payload");
    }
    if (!field(number, wire)) reader.skip(wire, number);
  }
  if (reader.pos > reader.len) throw new Refused("PAYLOAD_MALFORMED", "ends inside a field");
}

export function subReader(reader: BinaryReader, wire: WireType): BinaryReader {
  expectWire(wire, WireType.LengthDelimited);
  return new BinaryReader(reader.bytes());
}

export function readText(reader: BinaryReader, wire: WireType): string {
  expectWire(wire, WireType.LengthDelimited);
  const bytes = reader.bytes();
  if (bytes.length > TEXT_BYTES_MAX) throw new Refused("PAYLOAD_LIMIT", `text over ${TEXT_BYTES_MAX} bytes`);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
}

export function readVarint(reader: BinaryReader, wire: WireType): bigint {
  expectWire(wire, WireType.Varint);
  return BigInt(reader.uint64());
}

export function readUint32(reader: BinaryReader, wire: WireType): number {
  expectWire(wire, WireType.Varint);
  return reader.uint32() >>> 0;
}

export function readBool(reader: BinaryReader, wire: WireType): boolean {
  return expectWire(wire, WireType.Varint) && reader.bool();
}

export function expectWire(wire: WireType, wanted: WireType): true {
  if (wire !== wanted) throw new Refused("PAYLOAD_MALFORMED", `wire type ${wire} where ${wanted} belongs`);
  return true;
}
