import type { Clock, Timer } from "../../../hal/clock.ts";
import { HalError } from "../../../hal/error.ts";
import type { ByteStream } from "../../../hal/network.ts";

/** Silence after which a fresh attempt goes out beside the older ones: so a peer that is back is found. */
const FRESH_ATTEMPT_MS = 1_000;
/** Attempts under way at one time, each a socket. */
export const CONNECT_ATTEMPTS_MAX = 4;

export interface Connecting {
  readonly clock: Clock;
  /** How long a slow link may take to connect; one attempt gets at least {@link FRESH_ATTEMPT_MS}. */
  readonly patienceMs: number;
  /** Begins one attempt. */
  connect(signal: AbortSignal): Promise<ByteStream>;
  /** Called every {@link FRESH_ATTEMPT_MS} for as long as nobody answers. */
  unanswered(error: HalError): void;
}

/**
 * The first connection that comes about. Silence is never the end of it: attempts overlap until one connects, and the
 * others are destroyed.
 * @throws what the first attempt that gets an answer is refused with, or the reason of `stop`
 */
export async function firstConnection(parts: Connecting, stop: AbortSignal): Promise<ByteStream> {
  stop.throwIfAborted();
  using attempts = new Attempts(parts);
  const onStop = (): void => attempts.fail(stop.reason);
  stop.addEventListener("abort", onStop, { once: true });
  try {
    attempts.begin();
    return await attempts.first;
  } finally {
    stop.removeEventListener("abort", onStop);
  }
}

class Attempts implements Disposable {
  readonly #parts: Connecting;
  readonly #result = Promise.withResolvers<ByteStream>();
  /** oldest first */
  readonly #pending: { readonly begun: number; readonly abort: AbortController }[] = [];
  readonly #lives: number;
  #begun = 0;
  #timer: Timer | undefined;
  #over = false;

  constructor(parts: Connecting) {
    this.#parts = parts;
    this.#lives = Math.max(1, Math.ceil(parts.patienceMs / FRESH_ATTEMPT_MS));
  }

  get first(): Promise<ByteStream> {
    return this.#result.promise;
  }

  begin(): void {
    this.#makeRoom();
    const abort = new AbortController();
    this.#pending.push({ begun: this.#begun++, abort });
    this.#timer = this.#parts.clock.after(FRESH_ATTEMPT_MS, () => this.#onSilence());
    this.#parts.connect(abort.signal).then(
      (stream) => {
        // it may come about although it was given up
        if (this.#over || abort.signal.aborted) stream.destroy();
        else this.#end(() => this.#result.resolve(stream));
      },
      (error: unknown) => {
        if (!abort.signal.aborted) this.fail(error);
      },
    );
  }

  fail(error: unknown): void {
    this.#end(() => this.#result.reject(error));
  }

  #onSilence(): void {
    const message = `no connection within ${this.#begun * FRESH_ATTEMPT_MS} ms`;
    try {
      this.#parts.unanswered(new HalError("HAL_CONNECT_TIMEOUT", message));
      if (!this.#over) this.begin();
    } catch (error) {
      this.fail(error);
    }
  }

  #makeRoom(): void {
    const oldest = this.#pending[0];
    if (oldest !== undefined && this.#begun - oldest.begun >= this.#lives) this.#giveUp(0);
    // the oldest keeps its time: a link that is slower than all the younger ones may be would never connect
    if (this.#pending.length >= CONNECT_ATTEMPTS_MAX) this.#giveUp(1);
  }

  #giveUp(place: number): void {
    for (const { abort } of this.#pending.splice(place, 1)) abort.abort();
  }

  #end(settle: () => void): void {
    if (this.#over) return;
    this.#over = true;
    settle();
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#over = true;
    this.#timer?.[Symbol.dispose]();
    for (const { abort } of this.#pending) abort.abort();
  }
}
