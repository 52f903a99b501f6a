import type { Clock } from "../../../hal/clock.ts";
import type { Entropy } from "../../../hal/entropy.ts";
import { HalError } from "../../../hal/error.ts";
import type { ByteStream, Network } from "../../../hal/network.ts";
import type { TcpTransport } from "../../config/snapshot.ts";
import { firstConnection } from "./connecting.ts";
import type { Connecting } from "./connecting.ts";
import type { Counters } from "./counters.ts";
import type { Expectation } from "./expectation.ts";
import type { Link, LinkListener } from "./link.ts";
import { MBAP_BYTES, MbapReceiver } from "./mbap-receiver.ts";

/** A peer that reads nothing while we ask: far beyond one outstanding request of at most 260 bytes. */
const UNSENT_BYTES_MAX = 16 * 1024;
const TRANSACTION_IDS = 65_536;

/**
 * @param waiting what is to be known and done while nobody answers
 * @throws {HalError} what connecting can be refused with
 */
export async function openTcpLink(
  parts: { readonly clock: Clock; readonly entropy: Entropy; readonly network: Network; readonly counters: Counters },
  transport: TcpTransport,
  listener: LinkListener,
  waiting: Pick<Connecting, "patienceMs" | "unanswered"> & { trying(): void },
  stop: AbortSignal,
): Promise<Link> {
  const { host, port, interfaceName } = transport;
  const target = { kind: "tcp", host, port, ...(interfaceName === undefined ? {} : { interfaceName }) } as const;
  const connect = (signal: AbortSignal): Promise<ByteStream> => {
    waiting.trying();
    return parts.network.connect(target, signal);
  };
  const stream = await firstConnection({ ...waiting, clock: parts.clock, connect }, stop);
  return new TcpLink(parts, stream, listener);
}

class TcpLink implements Link {
  readonly #clock: Clock;
  readonly #stream: ByteStream;
  readonly #listener: LinkListener;
  readonly #receiver: MbapReceiver;
  /** starts anywhere, so that an answer meant for another connection hardly ever fits */
  #transaction: number;
  #lastByteMs: number;
  #sentMs = 0;
  #over = false;

  constructor(
    parts: { readonly clock: Clock; readonly entropy: Entropy; readonly counters: Counters },
    stream: ByteStream,
    listener: LinkListener,
  ) {
    this.#clock = parts.clock;
    this.#stream = stream;
    this.#listener = listener;
    this.#receiver = new MbapReceiver(parts.counters);
    this.#transaction = Math.floor(parts.entropy.fraction() * TRANSACTION_IDS);
    this.#lastByteMs = parts.clock.monotonicMs() - 1;
    stream.on("data", (chunk: Uint8Array) => this.#heard(chunk));
    stream.on("error", (error: Error) => this.#failed(error));
    stream.once("end", () => this.#failed(undefined));
    stream.once("close", () => this.#failed(undefined));
    if (stream.destroyed) queueMicrotask(() => this.#failed(undefined));
  }

  readyAtMs(extraSilenceMs: number): number {
    return extraSilenceMs === 0 ? this.#lastByteMs : this.#lastByteMs + extraSilenceMs;
  }

  overdueAtMs(timeoutMs: number): number {
    return this.#sentMs + timeoutMs;
  }

  send(adu: Buffer, expected: Expectation | undefined): void {
    this.#transaction = (this.#transaction + 1) % TRANSACTION_IDS;
    this.#receiver.expect(expected, this.#transaction);
    this.#sentMs = this.#clock.monotonicMs();
    this.#lastByteMs = this.#sentMs;
    const counted = adu.length - CRC_BYTES;
    const frame = Buffer.allocUnsafe(MBAP_BYTES - 1 + counted);
    frame.writeUInt16BE(this.#transaction, 0);
    frame.writeUInt16BE(0, 2);
    frame.writeUInt16BE(counted, 4);
    adu.copy(frame, MBAP_BYTES - 1, 0, counted);
    this.#stream.write(frame);
    if (this.#stream.writableLength > UNSENT_BYTES_MAX) this.#stream.destroy();
  }

  abandon(): boolean {
    this.#receiver.expect(undefined, -1);
    return this.#receiver.damaged;
  }

  #heard(chunk: Uint8Array): void {
    if (this.#over) return;
    this.#lastByteMs = this.#clock.monotonicMs();
    const heard = this.#receiver.push(chunk);
    if (heard === "reply") this.#listener.reply(this.#receiver.reply);
    else if (heard === "damaged") this.#listener.damaged();
    if (this.#receiver.malformed) this.#lose("BUS_FRAME_MALFORMED", "an MBAP length field that no frame can have");
  }

  #failed(error: Error | undefined): void {
    if (error === undefined) this.#lose("BUS_CONNECTION_CLOSED", "the device closed the connection");
    else if (error instanceof HalError) this.#lose(error.code, error.message);
    else this.#lose("BUS_CONNECTION_LOST", error.message);
  }

  #lose(code: string, message: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#stream.destroy();
    this.#listener.lost(code, message);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    this.#stream.destroy();
    return Promise.resolve();
  }
}

const CRC_BYTES = 2;
