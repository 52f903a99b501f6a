import type { SerialLine } from "../../hal/serial.ts";
import { characterMs } from "../../hal/serial.ts";
import { crc16 } from "./crc.ts";
import { PDU_BYTES_MAX } from "./request.ts";

const CRC_BYTES = 2;
export const RTU_FRAME_BYTES_MAX = 1 + PDU_BYTES_MAX + CRC_BYTES;
const RTU_FRAME_BYTES_MIN = 1 + 1 + CRC_BYTES;
/** above this rate the silence is fixed, or processors of the day could not have kept up */
const FIXED_SILENCE_ABOVE_BAUD = 19_200;
const FIXED_SILENCE_MS = 1.75;

export interface RtuFrame {
  readonly unit: number;
  readonly pdu: Uint8Array;
}

/** T3.5: the silence between two frames, milliseconds. @see Modbus over serial line V1.02 §2.5.1.1 */
export function frameSilenceMs(line: Pick<SerialLine, "baudRate" | "parity" | "dataBits" | "stopBits">): number {
  return line.baudRate > FIXED_SILENCE_ABOVE_BAUD ? FIXED_SILENCE_MS : 3.5 * characterMs(line);
}

export function encodeRtu({ unit, pdu }: RtuFrame): Uint8Array {
  const bytes = new Uint8Array(1 + pdu.length + CRC_BYTES);
  bytes[0] = unit;
  bytes.set(pdu, 1);
  return sealRtu(bytes);
}

/** Writes the CRC into the last two bytes. */
export function sealRtu(bytes: Uint8Array): Uint8Array {
  const crc = crc16(bytes.subarray(0, -CRC_BYTES));
  bytes[bytes.length - 2] = crc & 0xff;
  bytes[bytes.length - 1] = crc >>> 8;
  return bytes;
}

/** The frame, or undefined for one that is too short, too long or damaged. */
export function decodeRtu(bytes: Uint8Array): RtuFrame | undefined {
  if (bytes.length < RTU_FRAME_BYTES_MIN || bytes.length > RTU_FRAME_BYTES_MAX) return undefined;
  const crc = crc16(bytes.subarray(0, -CRC_BYTES));
  if (bytes.at(-2) !== (crc & 0xff) || bytes.at(-1) !== crc >>> 8) return undefined;
  return { unit: bytes[0] as number, pdu: new Uint8Array(bytes.subarray(1, -CRC_BYTES)) };
}

/** Bytes of the request frame that starts here, or undefined while too little of it is there or its function is unknown. */
export function expectedRequestBytes(bytes: Uint8Array): number | undefined {
  const withCount = (at: number): number | undefined => {
    const count = bytes[at];
    return count === undefined ? undefined : at + 1 + count + CRC_BYTES;
  };
  switch (bytes[1]) {
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
      return 8;
    case 15:
    case 16:
      return withCount(6);
    case 22:
      return 10;
    case 23:
      return withCount(10);
    case 43:
      return 7;
    default:
      return undefined;
  }
}
