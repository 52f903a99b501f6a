import type { ScalarSnapshot } from "../../config/snapshot.ts";
import type { WriteRefusal } from "../../contract/rooms.ts";
import { halfPrecisionBits } from "./half-precision.ts";
import { reorder, TYPE_BYTES } from "./registers.ts";

/** A value to be written, as a coil state or as register words in the wire's order; or why it may not be. */
export type Encoded =
  | { readonly kind: "coil"; readonly on: boolean }
  | { readonly kind: "words"; readonly words: readonly number[] }
  /** one bit of a register; `bit` as it is on the wire */
  | { readonly kind: "bit"; readonly bit: number; readonly on: boolean }
  | { readonly kind: "refused"; readonly code: WriteRefusal; readonly message: string };

/** Checks a value against the point's type, the output's range and what the registers can hold. In doubt it refuses. */
export function encodeValue(point: ScalarSnapshot, value: number | boolean | string): Encoded {
  if (point.type === "bool") {
    if (typeof value !== "boolean") return wrongType(point, value);
    if (point.table === "coil") return { kind: "coil", on: value };
    // the bytes of the word are swapped on the wire, and the bit with them
    if (point.bit !== undefined) {
      return { kind: "bit", bit: point.byteOrder === "big" ? point.bit : (point.bit + 8) % 16, on: value };
    }
    return { kind: "words", words: wordsOf(Buffer.of(0, value ? 1 : 0), point) };
  }
  if (point.type === "string") return encodeText(point, value);
  // the other half of the register would be overwritten with a guess
  if (point.type === "int8" || point.type === "uint8") return wrongType(point, value);
  const wanted = numberOf(value, point);
  if (wanted === undefined) return wrongType(point, value);
  const { low, high } = point.output ?? {};
  if ((low !== undefined && Number(wanted) < low) || (high !== undefined && Number(wanted) > high)) {
    return outOfRange(`${String(value)} is outside ${low ?? "…"} to ${high ?? "…"}`);
  }
  const bytes = Buffer.alloc(TYPE_BYTES[point.type]);
  const raw = rawOf(wanted, point);
  if (raw === undefined || !write(bytes, point.type, raw)) {
    return outOfRange(`${String(value)} does not fit ${point.type} with scale ${point.scale}`);
  }
  return { kind: "words", words: wordsOf(bytes, point) };
}

/** A finite number; an exact one for 64-bit integers that are not scaled. */
function numberOf(value: number | boolean | string, point: ScalarSnapshot): number | bigint | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  const exact = (point.type === "int64" || point.type === "uint64") && point.scale === 1 && point.offset === 0;
  if (typeof value !== "string" || !exact || !/^-?\d{1,20}$/.test(value)) return undefined;
  return BigInt(value);
}

function rawOf(wanted: number | bigint, point: ScalarSnapshot): number | bigint | undefined {
  if (typeof wanted === "bigint") return wanted;
  const raw = (wanted - point.offset) / point.scale;
  if (!Number.isFinite(raw)) return undefined;
  if (isFloat(point.type)) return raw;
  const whole = Math.round(raw);
  return point.type === "int64" || point.type === "uint64" ? BigInt(whole) : whole;
}

function write(bytes: Buffer, type: keyof typeof TYPE_BYTES, raw: number | bigint): boolean {
  if (type === "float32") {
    const fits = Number.isFinite(Math.fround(Number(raw)));
    if (fits) bytes.writeFloatBE(Number(raw), 0);
    return fits;
  }
  if (type === "float64") {
    bytes.writeDoubleBE(Number(raw), 0);
    return true;
  }
  if (type === "float16") {
    const bits = halfPrecisionBits(Number(raw));
    if (bits !== undefined) bytes.writeUInt16BE(bits, 0);
    return bits !== undefined;
  }
  const bits = BigInt(8 * bytes.length);
  const signed = type.startsWith("int");
  const low = signed ? -(1n << (bits - 1n)) : 0n;
  const high = signed ? (1n << (bits - 1n)) - 1n : (1n << bits) - 1n;
  const whole = BigInt(raw);
  if (whole < low || whole > high) return false;
  let rest = BigInt.asUintN(Number(bits), whole);
  for (let at = bytes.length - 1; at >= 0; at--) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return true;
}

function encodeText(point: ScalarSnapshot, value: number | boolean | string): Encoded {
  if (typeof value !== "string" || /\p{Cc}/u.test(value)) return wrongType(point, value);
  const bytes = Buffer.alloc(point.byteLocation === undefined ? 2 * point.count : point.count);
  if (Buffer.byteLength(value) > bytes.length) return outOfRange(`text of more than ${bytes.length} bytes`);
  bytes.write(value, 0);
  const registers = spread(bytes, point.byteLocation);
  return { kind: "words", words: wordsOf(registers, { ...point, wordOrder: "big" }) };
}

/** One character in each register, the other byte 0, where a string is kept so. */
function spread(text: Buffer, location: "upper" | "lower" | undefined): Buffer {
  if (location === undefined) return text;
  const registers = Buffer.alloc(2 * text.length);
  for (const [i, byte] of text.entries()) registers[2 * i + (location === "upper" ? 0 : 1)] = byte;
  return registers;
}

function isFloat(type: ScalarSnapshot["type"]): boolean {
  return type === "float16" || type === "float32" || type === "float64";
}

function wordsOf(bytes: Buffer, point: ScalarSnapshot): readonly number[] {
  const wire = Buffer.alloc(2 * point.count);
  reorder(bytes, 0, wire, 0, point);
  return Array.from({ length: point.count }, (_, word) => wire.readUInt16BE(2 * word));
}

function wrongType(point: ScalarSnapshot, value: unknown): Encoded {
  return { kind: "refused", code: "WRITE_WRONG_TYPE", message: `a ${typeof value} cannot be written to ${point.type}` };
}

function outOfRange(message: string): Encoded {
  return { kind: "refused", code: "WRITE_OUT_OF_RANGE", message };
}
