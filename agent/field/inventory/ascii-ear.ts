import { heardFrame } from "./line-ear.ts";
import type { Ear, HeardFrame } from "./line-ear.ts";

const COLON = 0x3a;
const LINE_FEED = 0x0a;
/** `:`, 255 bytes in hexadecimal, CR LF. @see Modbus over serial line V1.02 §2.5.2 */
const CHARACTERS_MAX = 513;

/** Frames of an ASCII line, in the form of RTU frames with two idle bytes where the CRC would be. */
export class AsciiEar implements Ear {
  readonly #tell: (frame: HeardFrame) => void;
  #text: string | undefined;

  constructor(tell: (frame: HeardFrame) => void) {
    this.#tell = tell;
  }

  push(chunk: Uint8Array, nowMs: number): void {
    for (const raw of chunk) {
      const character = raw & 0x7f;
      if (character === COLON) this.#text = "";
      else if (character === LINE_FEED) this.#end(nowMs);
      else if (this.#text !== undefined) {
        this.#text = this.#text.length < CHARACTERS_MAX ? this.#text + String.fromCharCode(character) : undefined;
      }
    }
  }

  /** A frame ends with its line feed: no silence says anything. */
  settle(): void {}

  #end(nowMs: number): void {
    const text = this.#text;
    this.#text = undefined;
    const adu = text === undefined ? undefined : asciiAdu(text);
    if (adu !== undefined) this.#tell(heardFrame(adu, nowMs));
  }
}

/** @param text between `:` and LF @returns unit id, PDU, two idle bytes; undefined where the LRC or the form is wrong */
function asciiAdu(text: string): Buffer | undefined {
  if (!/^(?:[0-9A-F]{2}){3,255}\r$/iu.test(text)) return undefined;
  const bytes = Buffer.from(text.slice(0, -1), "hex");
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  if ((sum & 0xff) !== 0) return undefined;
  return Buffer.concat([bytes.subarray(0, -1), Buffer.alloc(2)]);
}
