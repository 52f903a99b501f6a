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
import { lineFraming } from "./line-framing.ts";
import { LineOnSocket, MbapFraming } from "./socket-framing.ts";
import type { SocketFraming } from "./socket-framing.ts";

/** A peer that reads nothing while we ask: far beyond one outstanding request of at most 513 bytes. */
const UNSENT_BYTES_MAX = 16 * 1024;
/**
 * Between segments of one frame of a serial line: what fits nothing is given up after so long without another byte, so
 * that noise never stays in front of an answer.
 */
const SEGMENT_SILENCE_MS = 20;

/**
 * @param isLate whether this unit owes an answer that timed out
 * @param waiting what is to be known and done while nobody answers
 * @throws {HalError} what connecting can be refused with
 */
export async function openTcpLink(
  parts: FramingParts & { readonly clock: Clock; readonly network: Network },
  transport: TcpTransport,
  isLate: (unit: number) => boolean,
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
  return new TcpLink(parts.clock, stream, listener, framingOf(transport, parts, isLate));
}

interface FramingParts {
  readonly counters: Counters;
  readonly entropy: Entropy;
  /** Told where a request is answered under another unit id. */
  readonly answeredAs?: (asked: number, unit: number) => void;
}

function framingOf(
  { framing }: TcpTransport,
  { counters, entropy, answeredAs }: FramingParts,
  isLate: (unit: number) => boolean,
): SocketFraming {
  if (framing === "mbap") return new MbapFraming(counters, entropy.fraction(), answeredAs);
  const timing = { silenceMs: SEGMENT_SILENCE_MS, characterMs: 0 };
  return new LineOnSocket(lineFraming(framing, timing, counters, isLate));
}

class TcpLink implements Link {
  readonly #clock: Clock;
  readonly #stream: ByteStream;
  readonly #listener: LinkListener;
  readonly #framing: SocketFraming;
  #lastByteMs: number;
  #sentMs = 0;
  #over = false;

  constructor(clock: Clock, stream: ByteStream, listener: LinkListener, framing: SocketFraming) {
    this.#clock = clock;
    this.#stream = stream;
    this.#listener = listener;
    this.#framing = framing;
    this.#lastByteMs = clock.monotonicMs() - 1;
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
    const overdueMs = this.#sentMs + timeoutMs;
    const { arriving, stalledMs } = this.#framing;
    if (!arriving) return overdueMs;
    // bounded, so that a peer that trickles bytes does not keep the others waiting
    return Math.max(overdueMs, Math.min(this.#lastByteMs, overdueMs + stalledMs) + stalledMs);
  }

  send(adu: Buffer, expected: Expectation | undefined): void {
    const frame = this.#framing.ask(adu, expected);
    this.#sentMs = this.#clock.monotonicMs();
    this.#lastByteMs = this.#sentMs;
    this.#stream.write(frame);
    if (this.#stream.writableLength > UNSENT_BYTES_MAX) this.#stream.destroy();
  }

  abandon(): boolean {
    return this.#framing.abandon();
  }

  #heard(chunk: Uint8Array): void {
    if (this.#over) return;
    this.#lastByteMs = this.#clock.monotonicMs();
    const heard = this.#framing.push(chunk, this.#lastByteMs);
    if (heard === "reply") this.#listener.reply(this.#framing.reply);
    else if (heard === "damaged") this.#listener.damaged();
    if (this.#framing.malformed) this.#lose("BUS_FRAME_MALFORMED", "an MBAP length field that no frame can have");
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
