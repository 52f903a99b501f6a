import type { Expectation } from "./expectation.ts";
import type { LineFraming } from "./line-framing.ts";
import type { Heard } from "./line-receiver.ts";
import { MBAP_BYTES, MbapReceiver } from "./mbap-receiver.ts";
import type { Counters } from "./counters.ts";

const TRANSACTION_IDS = 65_536;
const CRC_BYTES = 2;

/** How frames look on a socket, and which of those heard is the answer. */
export interface SocketFraming {
  /** The latest answer: unit id, PDU, CRC. */
  readonly reply: Buffer;
  /** Whether what has been heard so far may become the awaited answer. */
  readonly arriving: boolean;
  /** An answer that stops arriving for so long has ended short. */
  readonly stalledMs: number;
  /** Where the next frame begins can no longer be told: the connection is worth nothing. */
  readonly malformed: boolean;
  /** The bytes of a request. Its answer is awaited from now on. @param expected undefined for a broadcast */
  ask(adu: Buffer, expected: Expectation | undefined): Buffer;
  /** Nothing is awaited any more. True: something was heard that could have been the answer. */
  abandon(): boolean;
  push(chunk: Uint8Array, nowMs: number): Heard;
}

/** Modbus TCP: a length and a transaction id before each frame. */
export class MbapFraming implements SocketFraming {
  readonly arriving = false;
  readonly stalledMs = 0;
  readonly #receiver: MbapReceiver;
  #transaction: number;

  /** @param fraction 0 to 1: ids start anywhere, so that an answer meant for another connection hardly ever fits */
  constructor(counters: Counters, fraction: number, answeredAs?: (asked: number, unit: number) => void) {
    this.#receiver = new MbapReceiver(counters, answeredAs);
    this.#transaction = Math.floor(fraction * TRANSACTION_IDS);
  }

  get reply(): Buffer {
    return this.#receiver.reply;
  }

  get malformed(): boolean {
    return this.#receiver.malformed;
  }

  ask(adu: Buffer, expected: Expectation | undefined): Buffer {
    this.#transaction = (this.#transaction + 1) % TRANSACTION_IDS;
    this.#receiver.expect(expected, this.#transaction);
    const counted = adu.length - CRC_BYTES;
    const frame = Buffer.allocUnsafe(MBAP_BYTES - 1 + counted);
    frame.writeUInt16BE(this.#transaction, 0);
    frame.writeUInt16BE(0, 2);
    frame.writeUInt16BE(counted, 4);
    adu.copy(frame, MBAP_BYTES - 1, 0, counted);
    return frame;
  }

  abandon(): boolean {
    this.#receiver.expect(undefined, -1);
    return this.#receiver.damaged;
  }

  push(chunk: Uint8Array): Heard {
    return this.#receiver.push(chunk);
  }
}

/**
 * The frames of a serial line on a socket. Nothing in them says which request they answer: that a late one is not taken
 * for the next answer is up to whoever asks, by letting the unit alone.
 */
export class LineOnSocket implements SocketFraming {
  readonly malformed = false;
  readonly #line: LineFraming;

  constructor(line: LineFraming) {
    this.#line = line;
  }

  get reply(): Buffer {
    return this.#line.receiver.reply;
  }

  get arriving(): boolean {
    return this.#line.receiver.arriving;
  }

  get stalledMs(): number {
    return Math.max(this.#line.stalledMs, SEGMENT_PAUSE_MS_MAX);
  }

  ask(adu: Buffer, expected: Expectation | undefined): Buffer {
    this.#line.receiver.expect(expected);
    return this.#line.frame(adu);
  }

  abandon(): boolean {
    this.#line.receiver.expect(undefined);
    return this.#line.receiver.damaged;
  }

  push(chunk: Uint8Array, nowMs: number): Heard {
    return this.#line.receiver.push(chunk, nowMs);
  }
}

/** Segments of one answer follow each other: a serial server sends on what its line gives it, a lost segment comes again. */
const SEGMENT_PAUSE_MS_MAX = 300;
