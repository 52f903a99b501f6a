import type { RtuFrame } from "./rtu-frame.ts";
import { PDU_BYTES_MAX } from "./request.ts";

/** `:`, CR and LF, and two characters for each byte of unit id, PDU and LRC */
const ASCII_FRAME_CHARS_MAX = 3 + 2 * (1 + PDU_BYTES_MAX + 1);

/** @see Modbus over serial line V1.02 §2.5.2 */
export function encodeAscii({ unit, pdu }: RtuFrame): Uint8Array {
  const bytes = [unit, ...pdu];
  const sum = bytes.reduce((all, byte) => all + byte, 0);
  const lrc = (0x100 - (sum % 0x100)) % 0x100;
  const text = [...bytes, lrc].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return Buffer.from(`:${text.toUpperCase()}\r\n`, "latin1");
}

/** The frame between `:` and CR LF, or undefined for one that is none or whose bytes do not add up to 0. */
export function decodeAscii(text: string): RtuFrame | undefined {
  const digits = /^:((?:[0-9A-F]{2}){3,255})\r\n$/u.exec(text)?.[1];
  if (digits === undefined) return undefined;
  const bytes = Buffer.from(digits, "hex");
  if (bytes.reduce((all, byte) => all + byte, 0) % 0x100 !== 0) return undefined;
  return { unit: bytes[0] as number, pdu: new Uint8Array(bytes.subarray(1, -1)) };
}

/** Cuts what is heard into frames: a `:` always begins a new one. `discarded` is called for what is none. */
export function asciiReader(frame: (frame: RtuFrame) => void, discarded: () => void): (chunk: Uint8Array) => void {
  let text = "";
  return (chunk) => {
    for (const character of Buffer.from(chunk).toString("latin1")) {
      if (character === ":") {
        if (text !== "") discarded();
        text = ":";
      } else if (text !== "") text += character;
      if (character === "\n" && text !== "") {
        const decoded = decodeAscii(text);
        text = "";
        if (decoded === undefined) discarded();
        else frame(decoded);
      } else if (text.length > ASCII_FRAME_CHARS_MAX) {
        text = "";
        discarded();
      }
    }
  };
}
