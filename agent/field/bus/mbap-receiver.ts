import type { Counters } from "./counters.ts";
import { answerLength, MISMATCH, MORE_NEEDED } from "./expectation.ts";
import type { Expectation } from "./expectation.ts";
import type { Heard } from "./line-receiver.ts";
import { crcOf } from "./crc.ts";
import { PDU_BYTES_MAX } from "./request.ts";

/** Transaction id, protocol id, length, unit id. @see Modbus messaging on TCP/IP V1.0b §3.1.3 */
export const MBAP_BYTES = 7;
const LENGTH_AT = 4;
const UNIT_AT = 6;
/** What the length field counts from: everything behind itself. */
const COUNTED_FROM = 6;
const COUNTED_MIN = 1 + 1;
const COUNTED_MAX = 1 + PDU_BYTES_MAX;
const CRC_BYTES = 2;
const ADU_BYTES_MAX = COUNTED_MAX + CRC_BYTES;
const EMPTY = Buffer.alloc(0);
/** Timed-out transaction ids still recognised as such. */
const LATE_IDS_MAX = 16;

/**
 * Everything heard on a Modbus TCP socket. An answer is taken only where transaction id, protocol id, unit id, function
 * and length all are those of the one outstanding request. Segments may be split and merged at will.
 */
export class MbapReceiver {
  readonly #counters: Counters;
  readonly #answeredAs: (asked: number, unit: number) => void;
  #waiting: Buffer = EMPTY;
  #expected: Expectation | undefined;
  #transaction = -1;
  #late: number[] = [];
  #damaged = false;
  #malformed = false;
  #reply: Buffer = EMPTY;
  /** its own, not a slice of a pool that hundreds of sockets would each keep alive */
  readonly #room = Buffer.allocUnsafeSlow(ADU_BYTES_MAX);

  /** @param answeredAs told where the awaited transaction is answered under another unit id */
  constructor(counters: Counters, answeredAs: (asked: number, unit: number) => void = () => {}) {
    this.#counters = counters;
    this.#answeredAs = answeredAs;
  }

  /** The latest answer as a serial line would have carried it: unit id, PDU, CRC. Good until the next one. */
  get reply(): Buffer {
    return this.#reply;
  }

  get damaged(): boolean {
    return this.#damaged;
  }

  /** A length field was impossible: where the next frame begins can no longer be told, the connection is worth nothing. */
  get malformed(): boolean {
    return this.#malformed;
  }

  /** From now on the answer to this transaction is awaited, or none is: then the outstanding one is late from here on. */
  expect(expected: Expectation | undefined, transaction: number): void {
    if (this.#expected !== undefined) {
      this.#late.push(this.#transaction);
      if (this.#late.length > LATE_IDS_MAX) this.#late.shift();
    }
    this.#expected = expected;
    this.#transaction = transaction;
    if (expected !== undefined) this.#damaged = false;
  }

  push(chunk: Uint8Array): Heard {
    if (this.#malformed) return "nothing";
    let bytes = asBuffer(chunk);
    if (this.#waiting.length > 0) bytes = Buffer.concat([this.#waiting, bytes]);
    let at = 0;
    let heard: Heard = "nothing";
    while (bytes.length - at >= COUNTED_FROM) {
      const counted = bytes.readUInt16BE(at + LENGTH_AT);
      if (counted < COUNTED_MIN || counted > COUNTED_MAX) {
        this.#counters[counted > COUNTED_MAX ? "longFrames" : "shortFrames"]++;
        this.#counters.discardedBytes += bytes.length - at;
        this.#waiting = EMPTY;
        this.#malformed = true;
        return heard;
      }
      const end = at + COUNTED_FROM + counted;
      if (end > bytes.length) break;
      const verdict = this.#judge(bytes, at, end);
      if (verdict !== "nothing") heard = verdict;
      at = end;
    }
    // copied, so that a few bytes never keep a whole segment alive
    this.#waiting = at === bytes.length ? EMPTY : Buffer.from(bytes.subarray(at));
    return heard;
  }

  #judge(bytes: Buffer, at: number, end: number): Heard {
    const transaction = bytes.readUInt16BE(at);
    const expected = this.#expected;
    const answers = expected !== undefined && transaction === this.#transaction && bytes.readUInt16BE(at + 2) === 0;
    const unit = bytes[at + UNIT_AT] as number;
    if (answers && unit !== expected.unit) this.#answeredAs(expected.unit, unit);
    if (!answers || unit !== expected.unit)
      return this.#setAside(end - at, this.#late.includes(transaction) ? "lateReplies" : "foreignFrames");
    const code = (bytes[at + MBAP_BYTES] as number) & 0x7f;
    if (code !== expected.function) return this.#setAside(end - at, "foreignFrames");
    const wanted = answerLength(expected, bytes, at + MBAP_BYTES, end);
    const offered = end - at - MBAP_BYTES;
    if (wanted === offered) return this.#accept(bytes.subarray(at + UNIT_AT, end));
    this.#expected = undefined;
    this.#damaged = true;
    this.#setAside(end - at, this.#misfit(wanted === MISMATCH ? (expected.pduBytes ?? 0) : wanted, offered));
    return "damaged";
  }

  /** An echo of the right length that says something else answers another request. */
  #misfit(wanted: number, offered: number): "foreignFrames" | "shortFrames" | "longFrames" {
    if (wanted === offered) return "foreignFrames";
    return wanted === MORE_NEEDED || offered < wanted ? "shortFrames" : "longFrames";
  }

  #accept(frame: Buffer): Heard {
    const adu = this.#room.subarray(0, frame.length + CRC_BYTES);
    frame.copy(adu);
    adu.writeUInt16LE(crcOf(adu, 0, frame.length), frame.length);
    this.#reply = adu;
    this.#expected = undefined;
    return "reply";
  }

  #setAside(bytes: number, asA: "lateReplies" | "foreignFrames" | "shortFrames" | "longFrames"): Heard {
    this.#counters[asA]++;
    this.#counters.discardedBytes += bytes;
    return "nothing";
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
