import type { Clock } from "../../../hal/clock.ts";
import { sleep } from "../../../hal/clock.ts";

/** The time in which a socket is closed because nothing is due. */
export class Rest {
  #untilMs: number | undefined;
  #awaken = new AbortController();

  /** Whether the socket is to be closed, or is. */
  get asked(): boolean {
    return this.#untilMs !== undefined;
  }

  ask(untilMs: number): void {
    this.#untilMs = untilMs;
    this.#awaken = new AbortController();
  }

  /** There is something to do before its time. */
  end(): void {
    this.#awaken.abort(new Error("the rest is over"));
  }

  /** Resolves when it is over; the next one has to be asked for. */
  async wait(clock: Clock, stop: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([this.#awaken.signal, stop]);
    const leftMs = (this.#untilMs ?? 0) - clock.monotonicMs();
    if (leftMs === Number.POSITIVE_INFINITY) await aborted(signal);
    else if (leftMs > 0) await sleep(clock, leftMs, signal).catch(() => {});
    this.#untilMs = undefined;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
