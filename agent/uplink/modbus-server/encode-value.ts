import type { ModbusServerEntry } from "../../config/snapshot/modbus-server.ts";
import type { ScalarValue } from "../../contract/point.ts";

const WORD_BYTES = 2;
const INTEGER = /^-?\d{1,20}$/;

/**
 * The registers of one value, in the order in which clients read them; undefined where the entry cannot hold it. Nothing
 * is clipped or wrapped: a number that does not fit is no number that a client could use.
 */
export function encodeValue(entry: ModbusServerEntry, value: ScalarValue): Buffer | undefined {
  const bytes = Buffer.alloc(WORD_BYTES * entry.count);
  if (entry.type === "bool") {
    if (typeof value !== "boolean") return undefined;
    bytes.writeUInt16BE(value ? 1 : 0, bytes.length - WORD_BYTES);
    return bytes;
  }
  if (entry.type === "string") {
    if (typeof value !== "string" || Buffer.byteLength(value) > bytes.length) return undefined;
    bytes.write(value, "utf8");
    return bytes;
  }
  if (!writeNumber(entry, value, bytes)) return undefined;
  return entry.wordOrder === "big" ? bytes : wordsReversed(bytes);
}

function writeNumber({ type, scale, offset }: ModbusServerEntry, value: ScalarValue, bytes: Buffer): boolean {
  const exact = typeof value === "string" && INTEGER.test(value);
  if (!exact && (typeof value !== "number" || !Number.isFinite(value))) return false;
  const plain = scale === 1 && offset === 0;
  const raw = plain ? Number(value) : (Number(value) - offset) / scale;
  if (!Number.isFinite(raw)) return false;
  if (type === "float32") {
    if (!Number.isFinite(Math.fround(raw))) return false;
    bytes.writeFloatBE(raw);
    return true;
  }
  if (type === "float64") {
    bytes.writeDoubleBE(raw);
    return true;
  }
  return writeInteger(plain && exact ? BigInt(value) : BigInt(Math.round(raw)), type.startsWith("int"), bytes);
}

function writeInteger(whole: bigint, signed: boolean, bytes: Buffer): boolean {
  const bits = 8 * bytes.length;
  const fits = signed ? BigInt.asIntN(bits, whole) === whole : BigInt.asUintN(bits, whole) === whole;
  if (!fits) return false;
  let rest = BigInt.asUintN(bits, whole);
  for (let at = bytes.length - 1; at >= 0; at--) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return true;
}

function wordsReversed(bytes: Buffer): Buffer {
  const reversed = Buffer.alloc(bytes.length);
  for (let at = 0; at < bytes.length; at += WORD_BYTES) {
    bytes.copy(reversed, bytes.length - WORD_BYTES - at, at, at + WORD_BYTES);
  }
  return reversed;
}
