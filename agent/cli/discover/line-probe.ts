import { sleep } from "../../../hal/clock.ts";
import type { Clock, Timer } from "../../../hal/clock.ts";
import { characterMs } from "../../../hal/serial.ts";
import type { Serial, SerialPort } from "../../../hal/serial.ts";
import type { SerialTransport } from "../../config/snapshot.ts";
import { crcOf } from "../../field/bus/crc.ts";
import { silenceMs } from "../../field/bus/serial-link.ts";
import { requestText } from "../../field/inventory/function-name.ts";
import type { HeardReply } from "../../field/inventory/heard-pdu.ts";
import { RtuEar } from "../../field/inventory/line-ear.ts";
import type { HeardFrame } from "../../field/inventory/line-ear.ts";
import { DiscoverError } from "./probe.ts";
import type { Answer, Probe } from "./probe.ts";

/** After a whole answer or a timeout, and before the next question: devices need a moment to listen again. */
const GAP_MS = 5;
/** An answer that stops arriving for so long has ended; USB adapters hold characters back for up to 16 ms. */
const STALLED_MS = 30;
/** Bursts that are no frame: a worn line has one now and then, a master at another speed has nothing else. */
const NOISE_MAX = 3;
const QUESTION_CHARS = 8;

interface Asked {
  readonly unit: number;
  readonly adu: Buffer;
  readonly endMs: number;
  answer(answer: Answer): void;
  echoed: boolean;
}

/**
 * An RTU line on which nobody is known yet. It listens before, while and after it asks: whatever is not the answer to a
 * question of ours is somebody else, and then nothing is sent any more.
 * @throws {HalError} what opening the port can be refused with: it is opened exclusively
 */
export async function openLineProbe(
  parts: { readonly clock: Clock; readonly serial: Serial },
  transport: SerialTransport,
): Promise<LineProbe> {
  const probe = new LineProbe(parts.clock, transport);
  const { path, baudRate, parity, dataBits, stopBits } = transport;
  const line = { path, baudRate, parity, dataBits, stopBits };
  const listener = {
    bytes: (chunk: Uint8Array) => probe.heard(chunk),
    vanished: (error: Error) => probe.failed(error),
  };
  probe.opened(await parts.serial.open(line, listener));
  return probe;
}

export class LineProbe implements Probe {
  readonly questionMs: number;
  onLate: ((answer: Answer) => void) | undefined;
  readonly #clock: Clock;
  readonly #characterMs: number;
  readonly #silenceMs: number;
  readonly #ear: RtuEar;
  /** what could answer our questions, by unit */
  readonly #asked = new Map<number, Set<string>>();
  #port: SerialPort | undefined;
  #pending: Asked | undefined;
  #settling: Timer | undefined;
  #lastMs = Number.NEGATIVE_INFINITY;
  #bytes = 0;
  #framed = 0;
  #noise = 0;
  #foreign: string | undefined;
  #lost: Error | undefined;

  constructor(clock: Clock, transport: SerialTransport) {
    this.#clock = clock;
    this.#characterMs = characterMs(transport);
    this.#silenceMs = silenceMs(transport);
    this.questionMs = QUESTION_CHARS * this.#characterMs + this.#silenceMs + GAP_MS;
    const timing = { silenceMs: this.#silenceMs, characterMs: this.#characterMs };
    this.#ear = new RtuEar(timing, (frame) => this.#onFrame(frame));
  }

  opened(port: SerialPort): void {
    this.#port = port;
  }

  /**
   * Only listens.
   * @throws {DiscoverError} `DISCOVER_TRAFFIC` where anything at all is heard
   */
  async listen(forMs: number, signal: AbortSignal): Promise<void> {
    const untilMs = this.#clock.monotonicMs() + forMs;
    while (this.#clock.monotonicMs() < untilMs) {
      await sleep(this.#clock, Math.min(LOOK_MS, untilMs - this.#clock.monotonicMs()), signal);
      if (this.#bytes > 0) {
        // a whole frame says more than its first byte
        await sleep(this.#clock, MORE_MS, signal);
        this.#ear.settle(this.#clock.monotonicMs());
        const what = this.#foreign ?? `${this.#bytes} bytes that are no frame at this speed`;
        throw new DiscoverError("DISCOVER_TRAFFIC", `somebody speaks on this line: ${what}`);
      }
    }
  }

  async ask(unit: number, pdu: Uint8Array, timeoutMs: number): Promise<Answer | undefined> {
    await this.#silence();
    this.#countNoise();
    this.#check();
    const adu = rtuFrame(unit, pdu);
    const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
    const endMs = this.#clock.monotonicMs() + adu.length * this.#characterMs;
    const asked: Asked = { unit, adu, endMs, answer: resolve, echoed: false };
    this.#pending = asked;
    this.#asked.set(unit, (this.#asked.get(unit) ?? new Set()).union(kindsOfAnswers(pdu)));
    await (this.#port as SerialPort).write(adu);
    using _deadline = this.#expire(asked, timeoutMs, () => resolve(undefined));
    const answer = await promise;
    if (this.#pending === asked) this.#pending = undefined;
    this.#check();
    return answer;
  }

  heard(chunk: Uint8Array): void {
    this.#lastMs = this.#clock.monotonicMs();
    this.#bytes += chunk.length;
    this.#ear.push(chunk, this.#lastMs);
    this.#settling?.[Symbol.dispose]();
    this.#settling = this.#clock.after(this.#silenceMs + SETTLE_MS, () => this.#ear.settle(this.#clock.monotonicMs()));
  }

  failed(error: Error): void {
    this.#lost = error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#settling?.[Symbol.dispose]();
    // the last frame leaves whole: half of one could be taken for another
    const pending = this.#pending;
    const leftMs = pending === undefined ? 0 : pending.endMs - this.#clock.monotonicMs();
    if (leftMs > 0) await sleep(this.#clock, leftMs);
    await this.#port?.[Symbol.asyncDispose]();
  }

  #onFrame(frame: HeardFrame): void {
    this.#framed += frame.adu.length;
    const { reply, request, adu } = frame;
    const pending = this.#pending;
    if (pending !== undefined && !pending.echoed && adu.equals(pending.adu)) {
      pending.echoed = true;
      return;
    }
    // of another function or length it answers somebody else, or is a question itself
    if (reply !== undefined && this.#asked.get(reply.unit)?.has(kindOf(reply, adu)) === true) {
      const late = pending?.unit !== reply.unit;
      const answer = { reply, tookMs: Math.max(0, frame.endMs - (pending?.endMs ?? frame.endMs)) };
      if (late) this.onLate?.(answer);
      else pending.answer(answer);
      return;
    }
    const what = request === undefined ? `a frame of unit ${adu[0]}` : `a request to ${requestText(request)}`;
    this.#foreign ??= what;
  }

  /** Calls back when the answer is overdue; not while one is arriving. */
  #expire(asked: Asked, timeoutMs: number, overdue: () => void): Disposable {
    let timer: Timer;
    const arm = (atMs: number): void => {
      timer = this.#clock.after(Math.max(0, atMs - this.#clock.monotonicMs()), () => {
        const stalledMs = this.#lastMs + STALLED_MS;
        if (this.#lastMs > asked.endMs && stalledMs > this.#clock.monotonicMs()) return arm(stalledMs);
        this.#countNoise();
        overdue();
      });
    };
    arm(asked.endMs + timeoutMs);
    return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
  }

  #countNoise(): void {
    const bytes = this.#bytes - this.#framed;
    this.#framed = this.#bytes;
    if (bytes > 0) this.#noise++;
    if (this.#noise >= NOISE_MAX) this.#foreign ??= `${bytes} bytes that are no frame, again and again`;
  }

  async #silence(): Promise<void> {
    const spokenMs = Math.max(this.#lastMs, this.#pending?.endMs ?? Number.NEGATIVE_INFINITY);
    const wait = (): number => Math.max(this.#lastMs, spokenMs) + this.#silenceMs + GAP_MS - this.#clock.monotonicMs();
    for (let waitMs = wait(); waitMs > 0; waitMs = wait()) await sleep(this.#clock, waitMs);
    this.#ear.settle(this.#clock.monotonicMs());
  }

  #check(): void {
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#foreign === undefined) return;
    throw new DiscoverError("DISCOVER_TRAFFIC", `another master speaks on this line: ${this.#foreign}`);
  }
}

/** What tells an answer of ours from others: its function, and its length where the question fixes it. */
function kindOf({ function: code, exception }: HeardReply, adu: Buffer): string {
  return exception !== undefined || code === IDENTIFICATION ? `${code}` : `${code}, ${adu.length} bytes`;
}

function kindsOfAnswers(pdu: Uint8Array): ReadonlySet<string> {
  const code = pdu[0] as number;
  return new Set([`${code}`, `${code}, ${ONE_REGISTER_BYTES} bytes`]);
}

const IDENTIFICATION = 43;
/** Unit id, function, byte count, one register, CRC. */
const ONE_REGISTER_BYTES = 7;
const LOOK_MS = 100;
const MORE_MS = 300;
/** A timer that fires a rounding error early would look in vain. */
const SETTLE_MS = 0.5;

function rtuFrame(unit: number, pdu: Uint8Array): Buffer {
  const adu = Buffer.alloc(pdu.length + 3);
  adu[0] = unit;
  adu.set(pdu, 1);
  adu.writeUInt16LE(crcOf(adu, 0, adu.length - 2), adu.length - 2);
  return adu;
}
