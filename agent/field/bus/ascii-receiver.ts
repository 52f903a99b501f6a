import { ASCII_BYTES_MAX, CARRIAGE_RETURN, COLON, hexDigit, LINE_FEED, lrcOf } from "./ascii-frame.ts";
import type { Counters } from "./counters.ts";
import { crcOf } from "./crc.ts";
import { answerLength, MISMATCH } from "./expectation.ts";
import type { Expectation } from "./expectation.ts";
import type { Heard, LineReceiver } from "./line-receiver.ts";

/** So much may lie between two characters of one frame. @see Modbus over serial line V1.02 §2.5.2.1 */
export const CHARACTER_PAUSE_MS_MAX = 1_000;
const UNIT_ID_BYTES = 1;
const LRC_BYTES = 1;
const CRC_BYTES = 2;
/** Unit id, function code, LRC: nothing shorter is a frame. */
const BYTES_MIN = UNIT_ID_BYTES + 1 + LRC_BYTES;

/**
 * Everything heard on a line that speaks ASCII. A frame is what stands between `:` and CR LF, and a `:` always begins a
 * new one, so that nothing that was damaged outlives the next frame.
 * @see Modbus over serial line V1.02 §2.5.2
 */
export class AsciiReceiver implements LineReceiver {
  readonly #counters: Counters;
  readonly #isLate: (unit: number) => boolean;
  readonly #characterMs: number;
  readonly #bytes = Buffer.alloc(ASCII_BYTES_MAX);
  /** characters of the frame that is being heard, its `:` first; 0 between frames */
  #characters = 0;
  #digits = 0;
  #high = 0;
  /** the CR was heard */
  #ending = false;
  /** something that no frame has was heard in it */
  #broken = false;
  #lastMs = Number.NEGATIVE_INFINITY;
  #expected: Expectation | undefined;
  #damaged = false;
  #reply: Buffer = Buffer.alloc(0);

  /** @param isLate whether this unit owes an answer that timed out */
  constructor(characterMs: number, counters: Counters, isLate: (unit: number) => boolean) {
    this.#characterMs = characterMs;
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
    return this.#characters > 0 && !this.#broken && this.#answer(this.#digits >> 1) !== MISMATCH;
  }

  expect(expected: Expectation | undefined): void {
    this.#giveUp();
    this.#expected = expected;
    if (expected !== undefined) this.#damaged = false;
  }

  push(chunk: Uint8Array, nowMs: number): Heard {
    const pause = nowMs - (chunk.length - 1) * this.#characterMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (pause > CHARACTER_PAUSE_MS_MAX + this.#characterMs) this.#giveUp();
    let heard: Heard = "nothing";
    for (const character of chunk) {
      const verdict = this.#take(character);
      if (verdict !== "nothing") heard = verdict;
    }
    return heard;
  }

  #take(character: number): Heard {
    if (character === COLON) {
      this.#giveUp();
      this.#characters = 1;
    } else if (this.#characters === 0) this.#counters.discardedBytes++;
    else if (character === LINE_FEED) return this.#judge();
    else this.#append(character);
    return "nothing";
  }

  #append(character: number): void {
    this.#characters++;
    const digit = hexDigit(character);
    if (this.#ending) this.#broken = true;
    else if (character === CARRIAGE_RETURN) this.#ending = true;
    else if (digit < 0) this.#broken = true;
    else if (this.#digits === 2 * ASCII_BYTES_MAX) this.#discard("longFrames");
    else if ((this.#digits++ & 1) === 0) this.#high = digit;
    else this.#bytes[(this.#digits >> 1) - 1] = (this.#high << 4) | digit;
  }

  /** Length of the awaited answer's PDU if `length` bytes of a frame may be it, 0 while that is unknown, or {@link MISMATCH}. */
  #answer(length: number): number {
    if (this.#expected === undefined) return MISMATCH;
    if (length > 0 && this.#bytes[0] !== this.#expected.unit) return MISMATCH;
    return answerLength(this.#expected, this.#bytes, UNIT_ID_BYTES, length);
  }

  #judge(): Heard {
    this.#characters++;
    const length = this.#digits >> 1;
    const pduBytes = length - UNIT_ID_BYTES - LRC_BYTES;
    const wanted = this.#answer(length - LRC_BYTES);
    const complete = this.#ending && !this.#broken && this.#digits % 2 === 0 && length >= BYTES_MIN;
    if (!complete) this.#discard(this.#broken ? "crcErrors" : "shortFrames");
    else if (lrcOf(this.#bytes, 0, length - LRC_BYTES) !== this.#bytes[length - 1]) {
      this.#discard("crcErrors");
      if (wanted !== pduBytes) return "nothing";
      this.#expected = undefined;
      return "damaged";
    } else if (wanted === pduBytes) return this.#accept(length - LRC_BYTES);
    else this.#setAside(pduBytes);
    return "nothing";
  }

  #accept(counted: number): Heard {
    const adu = Buffer.alloc(counted + CRC_BYTES);
    this.#bytes.copy(adu, 0, 0, counted);
    adu.writeUInt16LE(crcOf(adu, 0, counted), counted);
    this.#reply = adu;
    this.#expected = undefined;
    this.#reset();
    return "reply";
  }

  /** A whole frame that is not the awaited answer. */
  #setAside(pduBytes: number): void {
    const [unit, code] = [this.#bytes[0] as number, this.#bytes[1] as number];
    const awaited = this.#expected;
    if (awaited !== undefined && unit === awaited.unit && code === awaited.function) {
      this.#damaged = true;
      const misfit = pduBytes - (awaited.pduBytes ?? 0);
      // an echo of the right length that says something else answers another request
      this.#counters[misfit === 0 ? "foreignFrames" : misfit < 0 ? "shortFrames" : "longFrames"]++;
    } else this.#counters[this.#isLate(unit) ? "lateReplies" : "foreignFrames"]++;
    this.#counters.discardedBytes += this.#characters;
    this.#reset();
  }

  #giveUp(): void {
    if (this.#characters > 0) this.#discard(this.#broken ? "crcErrors" : "shortFrames");
  }

  #discard(asA: "shortFrames" | "longFrames" | "crcErrors"): void {
    this.#counters[asA]++;
    this.#counters.discardedBytes += this.#characters;
    this.#damaged = true;
    this.#reset();
  }

  #reset(): void {
    this.#characters = 0;
    this.#digits = 0;
    this.#ending = false;
    this.#broken = false;
  }
}
