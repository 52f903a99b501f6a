import type { Clock } from "../../../hal/clock.ts";
import type { Network, NetworkStream } from "../../../hal/network.ts";
import { asReply } from "../../field/inventory/heard-pdu.ts";
import type { Answer, Probe } from "./probe.ts";

const HEADER_BYTES = 7;
const COUNTED_MAX = 254;
const CONNECT_MS = 5_000;
/** More than one frame that nobody takes away: what talks so much is no Modbus device. */
const WAITING_BYTES_MAX = 4_096;
/** "Gateway path unavailable", "target device failed to respond": the gateway speaks, and the unit does not. */
const GATEWAY_EXCEPTIONS: ReadonlySet<number> = new Set([0x0a, 0x0b]);

/** A Modbus TCP socket: each answer carries the number of its question, so nobody can be taken for another. */
export async function openSocketProbe(
  parts: { readonly clock: Clock; readonly network: Network },
  target: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Probe> {
  const giveUp = new AbortController();
  using _timer = parts.clock.after(CONNECT_MS, () => giveUp.abort(new Error(`no connection within ${CONNECT_MS} ms`)));
  const stream = await parts.network.connect({ kind: "tcp", ...target }, AbortSignal.any([signal, giveUp.signal]));
  return new SocketProbe(parts.clock, stream);
}

class SocketProbe implements Probe {
  readonly questionMs = 0;
  onLate: ((answer: Answer) => void) | undefined;
  readonly #clock: Clock;
  readonly #stream: NetworkStream;
  /** by transaction number */
  readonly #asked = new Map<number, { readonly sentMs: number; readonly done: (answer: Answer | undefined) => void }>();
  #waiting = Buffer.alloc(0);
  #transaction = 0;
  #lost: Error | undefined;

  constructor(clock: Clock, stream: NetworkStream) {
    this.#clock = clock;
    this.#stream = stream;
    stream.on("data", (chunk: Uint8Array) => this.#heard(chunk));
    stream.on("error", (error: Error) => this.#end(error));
    stream.once("close", () => this.#end(new Error("the device closed the connection")));
  }

  async ask(unit: number, pdu: Uint8Array, timeoutMs: number): Promise<Answer | undefined> {
    this.#check();
    const transaction = (this.#transaction = (this.#transaction + 1) % 0x1_0000);
    const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
    this.#asked.set(transaction, { sentMs: this.#clock.monotonicMs(), done: resolve });
    const frame = Buffer.alloc(HEADER_BYTES + pdu.length);
    frame.writeUInt16BE(transaction, 0);
    frame.writeUInt16BE(1 + pdu.length, 4);
    frame[6] = unit;
    frame.set(pdu, HEADER_BYTES);
    this.#stream.write(frame);
    using _timer = this.#clock.after(timeoutMs, () => resolve(undefined));
    const answer = await promise;
    this.#check();
    return answer;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#stream.destroy();
    return Promise.resolve();
  }

  #check(): void {
    if (this.#lost !== undefined) throw this.#lost;
  }

  #heard(chunk: Uint8Array): void {
    this.#waiting = Buffer.concat([this.#waiting, chunk]);
    while (this.#waiting.length >= HEADER_BYTES) {
      const counted = this.#waiting.readUInt16BE(4);
      const end = HEADER_BYTES - 1 + counted;
      if (counted < 2 || counted > COUNTED_MAX || this.#waiting.length > WAITING_BYTES_MAX) {
        return this.#end(new Error("what answers there does not speak Modbus TCP"));
      }
      if (this.#waiting.length < end) return;
      this.#frame(this.#waiting.subarray(0, end));
      this.#waiting = Buffer.from(this.#waiting.subarray(end));
    }
  }

  #frame(frame: Buffer): void {
    const asked = this.#asked.get(frame.readUInt16BE(0));
    const reply = asReply(Buffer.concat([frame.subarray(HEADER_BYTES - 1), Buffer.alloc(2)]));
    if (asked === undefined || reply === undefined) return;
    this.#asked.delete(frame.readUInt16BE(0));
    const silent = reply.exception !== undefined && GATEWAY_EXCEPTIONS.has(reply.exception);
    const answer = { reply, tookMs: this.#clock.monotonicMs() - asked.sentMs };
    if (!silent && frame.readUInt16BE(0) !== this.#transaction) this.onLate?.(answer);
    asked.done(silent ? undefined : answer);
  }

  #end(error: Error): void {
    this.#lost ??= error;
    for (const { done } of this.#asked.values()) done(undefined);
    this.#asked.clear();
  }
}
