import type { Clock } from "../../../hal/clock.ts";
import { HalError } from "../../../hal/error.ts";
import { characterMs } from "../../../hal/serial.ts";
import type { Serial, SerialPort } from "../../../hal/serial.ts";
import type { SerialTransport } from "../../config/snapshot.ts";
import type { Counters } from "./counters.ts";
import type { Expectation } from "./expectation.ts";
import type { Link, LinkListener } from "./link.ts";
import { lineFraming } from "./line-framing.ts";
import type { LineFraming } from "./line-framing.ts";

const SILENT_CHARACTERS = 3.5;
/** Above this the standard fixes the silence instead of following the character. */
const BAUD_RATE_OF_FIXED_SILENCE = 19_200;
const FIXED_SILENCE_MS = 1.75;
/** So that sums of fractions never come out a rounding error short of the silence. */
const ROUNDING_MS = 0.001;
/** Drivers answer a drain late when their threads are busy; beyond this the port is stuck. */
const DRAIN_MS_MAX = 2_000;

/** Silence between frames; ASCII marks where they begin and needs none. @see Modbus over serial line V1.02 §2.5.1.1 */
export function silenceMs(transport: SerialTransport): number {
  if (transport.framing === "ascii") return 0;
  if (transport.baudRate > BAUD_RATE_OF_FIXED_SILENCE) return FIXED_SILENCE_MS;
  return SILENT_CHARACTERS * characterMs(transport);
}

/**
 * @param isLate whether this unit owes an answer that timed out
 * @throws {HalError} what opening the port can be refused with
 */
export async function openSerialLink(
  parts: { readonly clock: Clock; readonly serial: Serial; readonly counters: Counters },
  transport: SerialTransport,
  isLate: (unit: number) => boolean,
  listener: LinkListener,
): Promise<Link> {
  const { path, baudRate, parity, dataBits, stopBits } = transport;
  const link = new SerialLink(parts, transport, isLate, listener);
  link.opened(
    await parts.serial.open(
      { path, baudRate, parity, dataBits, stopBits },
      { bytes: (chunk) => link.heard(chunk), vanished: (error) => link.failed(error) },
    ),
  );
  return link;
}

class SerialLink implements Link {
  readonly #clock: Clock;
  readonly #listener: LinkListener;
  readonly #framing: LineFraming;
  readonly #characterMs: number;
  readonly #silenceMs: number;
  #port: SerialPort | undefined;
  /** when the last byte, sent or heard, was on the line; what was there before opening is unknown */
  #lastByteMs: number;
  #sentMs = 0;
  /** the write whose end the driver has not told yet */
  #draining: symbol | undefined;
  #over = false;

  constructor(
    parts: { readonly clock: Clock; readonly counters: Counters },
    transport: SerialTransport,
    isLate: (unit: number) => boolean,
    listener: LinkListener,
  ) {
    this.#clock = parts.clock;
    this.#listener = listener;
    this.#characterMs = characterMs(transport);
    this.#silenceMs = silenceMs(transport);
    this.#lastByteMs = parts.clock.monotonicMs();
    const timing = { silenceMs: this.#silenceMs, characterMs: this.#characterMs };
    this.#framing = lineFraming(transport.framing, timing, parts.counters, isLate);
  }

  opened(port: SerialPort): void {
    this.#port = port;
    this.#lastByteMs = this.#clock.monotonicMs();
  }

  readyAtMs(extraSilenceMs: number): number {
    return Math.max(this.#lastByteMs, this.#sentUntil()) + this.#silenceMs + ROUNDING_MS + extraSilenceMs;
  }

  overdueAtMs(timeoutMs: number): number {
    const overdueMs = this.#sentUntil() + timeoutMs;
    const { receiver, frameBytesMax, stalledMs } = this.#framing;
    if (!receiver.arriving) return overdueMs;
    const longestMs = overdueMs + frameBytesMax * this.#characterMs;
    return Math.max(overdueMs, Math.min(this.#lastByteMs, longestMs) + stalledMs);
  }

  send(adu: Buffer, expected: Expectation | undefined): void {
    const startedMs = this.#clock.monotonicMs();
    this.#framing.receiver.expect(expected);
    const frame = this.#framing.frame(adu);
    // a port without a UART takes the bytes at once: the characters still need their time on the wire
    this.#sentMs = startedMs + frame.length * this.#characterMs;
    const write = Symbol();
    this.#draining = write;
    const port = this.#port as SerialPort;
    port.write(frame).then(
      () => {
        if (this.#draining !== write) return;
        this.#draining = undefined;
        this.#sentMs = Math.max(this.#sentMs, this.#clock.monotonicMs());
      },
      (error: unknown) => this.failed(error),
    );
  }

  abandon(): boolean {
    this.#framing.receiver.expect(undefined);
    return this.#framing.receiver.damaged;
  }

  heard(chunk: Uint8Array): void {
    if (this.#over || chunk.length === 0) return;
    this.#lastByteMs = this.#clock.monotonicMs();
    const { receiver } = this.#framing;
    const heard = receiver.push(chunk, this.#lastByteMs);
    // whoever is answered has heard the end of the request, whenever the driver says so
    if (heard !== "nothing") this.#draining = undefined;
    if (heard === "reply") this.#listener.reply(receiver.reply);
    else if (heard === "damaged") this.#listener.damaged();
  }

  failed(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    const code = error instanceof HalError ? error.code : "HAL_PORT_VANISHED";
    this.#listener.lost(code, error instanceof Error ? error.message : String(error));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    await this.#port?.[Symbol.asyncDispose]();
  }

  #sentUntil(): number {
    if (this.#draining === undefined) return this.#sentMs;
    const now = this.#clock.monotonicMs();
    if (now - this.#sentMs > DRAIN_MS_MAX) this.failed(new HalError("HAL_PORT_VANISHED", "the port never drained"));
    return Math.max(this.#sentMs, now);
  }
}
