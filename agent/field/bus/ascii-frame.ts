import { PDU_BYTES_MAX } from "./request.ts";

export const COLON = 0x3a;
export const CARRIAGE_RETURN = 0x0d;
export const LINE_FEED = 0x0a;
const CRC_BYTES = 2;
const LRC_BYTES = 1;
const UNIT_ID_BYTES = 1;
const MARKS = 3;
/** Unit id, PDU and LRC, two characters each, between `:` and CR LF. @see Modbus over serial line V1.02 §2.5.2.1 */
export const ASCII_BYTES_MAX = UNIT_ID_BYTES + PDU_BYTES_MAX + LRC_BYTES;
export const ASCII_FRAME_CHARS_MAX = MARKS + 2 * ASCII_BYTES_MAX;

/** The sum that makes all bytes of a frame, with itself, add up to 0. @see Modbus over serial line V1.02 §6.2.1 */
export function lrcOf(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += bytes[i] as number;
  return -sum & 0xff;
}

/** @param adu unit id, PDU, CRC */
export function asciiFrame(adu: Buffer): Buffer {
  const counted = adu.length - CRC_BYTES;
  const lrc = lrcOf(adu, 0, counted).toString(16).padStart(2, "0");
  return Buffer.from(`:${adu.toString("hex", 0, counted)}${lrc}\r\n`.toUpperCase(), "latin1");
}

/** The value of a hexadecimal digit, or -1. Some devices write small letters, which the standard does not. */
export function hexDigit(character: number): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30;
  const letter = character & ~0x20;
  return letter >= 0x41 && letter <= 0x46 ? letter - 0x41 + 10 : -1;
}
