import type { Counters } from "./counters.ts";
import { CRC_PRESET, crcStep } from "./crc.ts";
import { answerLength, MISMATCH } from "./expectation.ts";
import type { Expectation } from "./expectation.ts";
import type { Heard, LineReceiver } from "./line-receiver.ts";
import { PDU_BYTES_MAX } from "./request.ts";

const UNIT_ID_BYTES = 1;
const CRC_BYTES = 2;
export const RTU_FRAME_BYTES_MAX = UNIT_ID_BYTES + PDU_BYTES_MAX + CRC_BYTES;
/** Unit id, function code and CRC: nothing shorter is a frame. */
const RTU_FRAME_BYTES_MIN = UNIT_ID_BYTES + 1 + CRC_BYTES;

/**
 * Everything heard on a serial line, sorted into the awaited answer and the classes of what is discarded. An answer is
 * whole as soon as its length and CRC say so; silence is never waited for and, where bytes already fit the answer, never
 * held against it (USB adapters hand characters over in bursts). What cannot be the answer ends at a whole frame or at
 * the next silence.
 * @see Modbus over serial line V1.02 §2.5.1
 */
export class RtuReceiver implements LineReceiver {
  readonly #counters: Counters;
  readonly #isLate: (unit: number) => boolean;
  readonly #silenceMs: number;
  readonly #characterMs: number;
  readonly #bytes = Buffer.alloc(RTU_FRAME_BYTES_MAX);
  #length = 0;
  #crc = CRC_PRESET;
  #lastMs = Number.NEGATIVE_INFINITY;
  #expected: Expectation | undefined;
  /** what follows is thrown away up to the next silence: after a frame that had to end, or one that is too long */
  #afterwards: "frames" | "trailing" | "discard" = "frames";
  #damaged = false;
  #reply: Buffer = Buffer.alloc(0);

  /** @param isLate whether this unit owes an answer that timed out */
  constructor(
    timing: { readonly silenceMs: number; readonly characterMs: number },
    counters: Counters,
    isLate: (unit: number) => boolean,
  ) {
    this.#silenceMs = timing.silenceMs;
    this.#characterMs = timing.characterMs;
    this.#counters = counters;
    this.#isLate = isLate;
  }

  get reply(): Buffer {
    return this.#reply;
  }

  get damaged(): boolean {
    return this.#damaged;
  }

  get arriving(): boolean {
    return this.#length > 0 && this.#answer() !== MISMATCH;
  }

  expect(expected: Expectation | undefined): void {
    this.#giveUp();
    this.#expected = expected;
    this.#afterwards = "frames";
    if (expected !== undefined) this.#damaged = false;
  }

  push(chunk: Uint8Array, nowMs: number): Heard {
    const silence = nowMs - (chunk.length - 1) * this.#characterMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (silence >= this.#silenceMs) this.#onSilence();
    let heard: Heard = "nothing";
    for (const byte of chunk) {
      const verdict = this.#take(byte);
      if (verdict !== "nothing") heard = verdict;
    }
    return heard;
  }

  #take(byte: number): Heard {
    if (this.#afterwards !== "frames") {
      this.#counters.discardedBytes++;
      if (this.#afterwards === "trailing") {
        this.#counters.longFrames++;
        this.#afterwards = "discard";
      }
      return "nothing";
    }
    this.#bytes[this.#length++] = byte;
    this.#crc = crcStep(this.#crc, byte);
    const heard = this.#judge();
    if (this.#length === RTU_FRAME_BYTES_MAX) this.#discard("longFrames");
    return heard;
  }

  #judge(): Heard {
    const pduBytes = this.#answer();
    if (pduBytes !== MISMATCH) {
      if (pduBytes === 0 || this.#length < UNIT_ID_BYTES + pduBytes + CRC_BYTES) return "nothing";
      return this.#crc === 0 ? this.#accept() : this.#refuse();
    }
    if (this.#isWhole()) this.#setAside();
    return "nothing";
  }

  /** Length of the awaited answer if what was heard so far may be it, 0 while that is unknown, or {@link MISMATCH}. */
  #answer(): number {
    if (this.#expected === undefined || this.#bytes[0] !== this.#expected.unit) return MISMATCH;
    return answerLength(this.#expected, this.#bytes, UNIT_ID_BYTES, this.#length);
  }

  #accept(): Heard {
    this.#reply = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#expected = undefined;
    this.#reset();
    this.#afterwards = "trailing";
    return "reply";
  }

  #refuse(): Heard {
    this.#expected = undefined;
    this.#discard("crcErrors");
    return "damaged";
  }

  /** A whole frame that is not the awaited answer. */
  #setAside(): void {
    const [unit, code] = [this.#bytes[0] as number, this.#bytes[1] as number];
    const awaited = this.#expected;
    if (awaited !== undefined && unit === awaited.unit && code === awaited.function) {
      this.#damaged = true;
      const misfit = this.#length - (UNIT_ID_BYTES + (awaited.pduBytes ?? 0) + CRC_BYTES);
      // an echo of the right length that says something else answers another request
      this.#counters[misfit === 0 ? "foreignFrames" : misfit < 0 ? "shortFrames" : "longFrames"]++;
    } else this.#counters[this.#isLate(unit) ? "lateReplies" : "foreignFrames"]++;
    this.#counters.discardedBytes += this.#length;
    this.#reset();
  }

  #onSilence(): void {
    if (this.#afterwards !== "frames") this.#afterwards = "frames";
    else if (this.#answer() === MISMATCH || this.#isWhole()) this.#giveUp();
  }

  /** A CRC that fits stays fitting when a zero is added: what was whole at a silence must not grow into the answer by noise. */
  #isWhole(): boolean {
    return this.#crc === 0 && this.#length >= RTU_FRAME_BYTES_MIN;
  }

  #giveUp(): void {
    if (this.#length === 0) return;
    const short = this.#length < RTU_FRAME_BYTES_MIN || this.#answer() !== MISMATCH;
    this.#discard(short ? "shortFrames" : "crcErrors");
    this.#afterwards = "frames";
  }

  #discard(asA: "shortFrames" | "longFrames" | "crcErrors"): void {
    this.#counters[asA]++;
    this.#counters.discardedBytes += this.#length;
    this.#damaged = true;
    this.#reset();
    this.#afterwards = "discard";
  }

  #reset(): void {
    this.#length = 0;
    this.#crc = CRC_PRESET;
  }
}
