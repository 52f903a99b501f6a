import { crcOf } from "../bus/crc.ts";
import { asReply, asRequest, frameLengths } from "./heard-pdu.ts";
import type { HeardReply, HeardRequest } from "./heard-pdu.ts";

/** A whole frame with a right checksum. It may read both as a question and as an answer: who spoke before decides. */
export interface HeardFrame {
  /** unit id, PDU, two bytes of checksum; its own copy */
  readonly adu: Buffer;
  readonly request: HeardRequest | undefined;
  readonly reply: HeardReply | undefined;
  /** monotonic, of its last byte */
  readonly endMs: number;
}

/** Hears a line byte by byte and tells its frames. */
export interface Ear {
  /** @param nowMs when the last byte of the chunk was heard */
  push(chunk: Uint8Array, nowMs: number): void;
  /** Time passed without a byte: what is whole by now is told. */
  settle(nowMs: number): void;
}

/** Adapters hand characters over in bursts: what a pause like this cut in two may still be one frame. */
const BURST_MS = 30;
/** A question and its answer that ran together, twice: more without a frame in it is noise. */
const BYTES_MAX = 1_024;
/** Pauses remembered in what is no frame yet. */
const PIECES_MAX = 16;
const FRAME_BYTES_MIN = 4;
const FRAME_BYTES_MAX = 256;
/** A pause is reckoned from rounded times. */
const ROUNDING_MS = 0.001;

/**
 * Frames of an RTU line that somebody else may be speaking on: told apart by silence, put together again where an adapter
 * cut them, cut apart where it ran them together. Its memory is bounded, whatever is heard.
 * @see Modbus over serial line V1.02 §2.5.1.1
 */
export class RtuEar implements Ear {
  readonly #silenceMs: number;
  readonly #characterMs: number;
  readonly #tell: (frame: HeardFrame) => void;
  readonly #bytes = Buffer.alloc(BYTES_MAX);
  #length = 0;
  /** where pieces begin that follow a silence */
  #pieces: number[] = [];
  #lastMs = Number.NEGATIVE_INFINITY;
  /** nothing came since it was last looked at */
  #looked = true;

  constructor(timing: { readonly silenceMs: number; readonly characterMs: number }, tell: (frame: HeardFrame) => void) {
    this.#silenceMs = timing.silenceMs;
    this.#characterMs = timing.characterMs;
    this.#tell = tell;
  }

  push(chunk: Uint8Array, nowMs: number): void {
    const pauseMs = nowMs - (chunk.length - 1) * this.#characterMs - this.#lastMs;
    this.#onPause(pauseMs);
    for (const byte of chunk) this.#take(byte);
    this.#lastMs = nowMs;
    this.#looked = false;
  }

  settle(nowMs: number): void {
    if (this.#length > 0) this.#onPause(nowMs - this.#lastMs);
  }

  #onPause(pauseMs: number): void {
    if (pauseMs < this.#silenceMs - ROUNDING_MS) return;
    if (!this.#looked) this.#look();
    if (pauseMs > Math.max(BURST_MS, this.#silenceMs)) this.#forget();
    else if (this.#length > 0 && this.#pieces.at(-1) !== this.#length) this.#pieces.push(this.#length);
    if (this.#pieces.length > PIECES_MAX) this.#forget();
  }

  #take(byte: number): void {
    if (this.#length === BYTES_MAX) this.#forget();
    if (this.#length === 0) this.#pieces = [0];
    this.#bytes[this.#length++] = byte;
  }

  /** Everything from the first piece on that is frames and nothing else; noise before it is dropped. */
  #look(): void {
    this.#looked = true;
    for (const from of this.#pieces) {
      const frames = cutFrames(this.#bytes.subarray(from, this.#length));
      if (frames.length === 0) continue;
      this.#forget();
      for (const adu of frames) this.#tell(heardFrame(adu, this.#lastMs));
      return;
    }
  }

  #forget(): void {
    this.#length = 0;
    this.#pieces = [];
    this.#looked = true;
  }
}

export function heardFrame(adu: Buffer, endMs: number): HeardFrame {
  return { adu, request: asRequest(adu), reply: asReply(adu), endMs };
}

/** The frames that these bytes are; none where any byte is left over. Copies. */
export function cutFrames(bytes: Buffer): readonly Buffer[] {
  const frames: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const left = bytes.length - at;
    // a function nobody here knows is a frame where it fills the time between two silences
    const length = [...frameLengths(bytes, at), left].find((bytesWanted) => isFrame(bytes, at, bytesWanted));
    if (length === undefined) return [];
    frames.push(Buffer.from(bytes.subarray(at, at + length)));
    at += length;
  }
  return frames;
}

function isFrame(bytes: Buffer, at: number, length: number): boolean {
  if (length < FRAME_BYTES_MIN || length > FRAME_BYTES_MAX || at + length > bytes.length) return false;
  return crcOf(bytes, at, at + length - 2) === bytes.readUInt16LE(at + length - 2);
}
