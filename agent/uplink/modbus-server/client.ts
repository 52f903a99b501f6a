import type { Clock, Timer } from "../../../hal/clock.ts";
import type { NetworkStream } from "../../../hal/network.ts";
import { tokenBucket } from "../pace/token-bucket.ts";
import { answer, exception } from "./answer.ts";
import { FRAME_BYTES_MAX, replyFrame, takeFrame } from "./mbap.ts";
import type { RequestFrame } from "./mbap.ts";
import type { RegisterMap } from "./register-map.ts";
import type { Tally } from "./tally.ts";

/** The slowest SCADA asks more often; a client that is gone without a word gives its place back. */
const IDLE_MS = 300_000;
/** One frame fits in one packet: whoever takes longer for it holds a place and asks nothing. */
const FRAME_MS = 5_000;
/** Of one client, so that all of them together leave the broker its time; further ones wait. */
const REQUESTS_PER_SECOND_MAX = 50;
const PACE_MS = 20;
/** The server itself, whatever its unit id is. @see MODBUS Messaging on TCP/IP Implementation Guide V1.0b §4.4.2.1 */
const ITSELF = new Set([0, 255]);
const NO_SUCH_UNIT = 10;

export interface ClientParts {
  readonly clock: Clock;
  readonly unit: number;
  readonly map: RegisterMap;
  readonly tally: Tally;
}

/** One connection: one request after another, each answered before the next is looked at. */
export class Client {
  readonly address: string;
  readonly #parts: ClientParts;
  readonly #stream: NetworkStream;
  readonly #mayAsk = tokenBucket(REQUESTS_PER_SECOND_MAX, 1_000);
  #received: Buffer = Buffer.alloc(0);
  #held = false;
  #idle: Timer;
  #frame: Timer | undefined;
  #askedMs: number;

  constructor(stream: NetworkStream, parts: ClientParts) {
    this.address = stream.remoteAddress ?? "nobody";
    this.#parts = parts;
    this.#stream = stream;
    this.#askedMs = parts.clock.monotonicMs();
    this.#idle = parts.clock.after(IDLE_MS, () => this.close());
    stream.on("error", () => {});
    stream.once("end", () => stream.destroy());
    stream.once("close", () => this.#stopTimers());
    stream.on("data", (chunk: Buffer) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
      this.#work();
    });
  }

  /** How long it has asked nothing. */
  get silentMs(): number {
    return this.#parts.clock.monotonicMs() - this.#askedMs;
  }

  close(): void {
    this.#stream.destroy();
  }

  #work(): void {
    while (!this.#held && !this.#stream.destroyed) {
      const frame = takeFrame(this.#received);
      if (frame === "garbage") return this.#malformed("bytes that are no Modbus TCP");
      if (frame === "more") return this.#await();
      this.#frame?.[Symbol.dispose]();
      this.#frame = undefined;
      if (!this.#mayAsk(this.#parts.clock.monotonicMs())) return this.#hold(PACE_MS);
      this.#received = this.#received.subarray(frame.bytes);
      this.#answer(frame);
    }
  }

  /** What is there is the beginning of a frame at most. */
  #await(): void {
    if (this.#received.length === 0 || this.#frame !== undefined) return;
    this.#frame = this.#parts.clock.after(FRAME_MS, () => this.#malformed(`no whole request in ${FRAME_MS} ms`));
  }

  #answer(frame: RequestFrame): void {
    const { clock, unit, map, tally } = this.#parts;
    this.#askedMs = clock.monotonicMs();
    this.#idle[Symbol.dispose]();
    this.#idle = clock.after(IDLE_MS, () => this.close());
    tally.requests += 1;
    if (frame.unit !== unit && !ITSELF.has(frame.unit)) {
      this.#send(replyFrame(frame, exception(frame.pdu.readUInt8(0), NO_SUCH_UNIT)));
      return;
    }
    const { pdu, triedToWrite, withoutValue } = answer(frame.pdu, map);
    if (withoutValue) tally.unanswered += 1;
    if (triedToWrite) {
      tally.refusedWrites += 1;
      const what = `function ${frame.pdu.readUInt8(0)} of ${this.address}`;
      tally.fault("MODBUS_SERVER_WRITE_REFUSED", `${what}: nothing can be written here`);
    }
    this.#send(replyFrame(frame, pdu));
  }

  #send(reply: Buffer): void {
    if (this.#stream.write(reply)) return;
    // a client that does not read its answers gets no further ones
    this.#held = true;
    this.#stream.pause();
    this.#stream.once("drain", () => this.#proceed());
  }

  #hold(ms: number): void {
    this.#held = true;
    this.#stream.pause();
    this.#parts.clock.after(ms, () => this.#proceed());
  }

  #proceed(): void {
    this.#held = false;
    if (this.#stream.destroyed) return;
    this.#work();
    if (!this.#held) this.#stream.resume();
  }

  #malformed(what: string): void {
    this.#parts.tally.fault("MODBUS_SERVER_MALFORMED", `${this.address}: ${what}, ${FRAME_BYTES_MAX} bytes at most`);
    this.close();
  }

  #stopTimers(): void {
    this.#idle[Symbol.dispose]();
    this.#frame?.[Symbol.dispose]();
  }
}
