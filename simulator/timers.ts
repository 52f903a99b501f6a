import type { Clock, Timer } from "../hal/clock.ts";

/** Node's longest delay; beyond it setTimeout fires after 1 ms. */
const DELAY_MS_MAX = 2 ** 31 - 1;

type Callback = (...args: unknown[]) => void;
type Clear = (handle: never) => void;

/**
 * setTimeout and setInterval as Node has them, on `clock`. Handles that are not ours, from before the replacement, go
 * to the real clear functions.
 */
export function virtualTimers(
  clock: Clock,
  real: { readonly clearTimeout: Clear; readonly clearInterval: Clear },
): Readonly<Record<"setTimeout" | "setInterval" | "clearTimeout" | "clearInterval", unknown>> {
  const byNumber = new Map<number, VirtualTimeout>();
  let lastNumber = 0;

  const start = (callback: Callback, delayMs: unknown, args: unknown[], repeat: boolean): VirtualTimeout => {
    if (typeof callback !== "function") throw new TypeError("a timer's callback must be a function");
    const timeout = new VirtualTimeout(clock, callback, nodeDelayMs(delayMs), args, repeat, () => {
      byNumber.delete(timeout.number);
    });
    timeout.number = ++lastNumber;
    byNumber.set(timeout.number, timeout);
    return timeout.refresh();
  };
  const clear = (handle: unknown, realClear: Clear): void => {
    const timeout = handle instanceof VirtualTimeout ? handle : byNumber.get(Number(handle));
    if (timeout !== undefined) timeout.close();
    else if (typeof handle === "object" && handle !== null) realClear(handle as never);
  };
  return {
    setTimeout: (callback: Callback, delayMs?: unknown, ...args: unknown[]) => start(callback, delayMs, args, false),
    setInterval: (callback: Callback, delayMs?: unknown, ...args: unknown[]) => start(callback, delayMs, args, true),
    clearTimeout: (handle: unknown) => clear(handle, real.clearTimeout),
    clearInterval: (handle: unknown) => clear(handle, real.clearInterval),
  };
}

/** What Node calls a Timeout. */
class VirtualTimeout {
  readonly #clock: Clock;
  readonly #callback: Callback;
  readonly #delayMs: number;
  readonly #args: unknown[];
  readonly #repeat: boolean;
  readonly #ended: () => void;
  #timer: Timer | undefined;
  #referenced = true;
  number = 0;

  constructor(clock: Clock, callback: Callback, delayMs: number, args: unknown[], repeat: boolean, ended: () => void) {
    this.#clock = clock;
    this.#callback = callback;
    this.#delayMs = delayMs;
    this.#args = args;
    this.#repeat = repeat;
    this.#ended = ended;
  }

  refresh(): this {
    this.#timer?.[Symbol.dispose]();
    const timer = this.#clock.after(this.#delayMs, () => {
      this.#callback(...this.#args);
      if (this.#timer !== timer) return; // the callback closed or refreshed it
      if (this.#repeat) this.refresh();
      else this.close();
    });
    this.#timer = timer;
    return this;
  }

  close(): this {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#ended();
    return this;
  }

  ref(): this {
    this.#referenced = true;
    return this;
  }

  unref(): this {
    this.#referenced = false;
    return this;
  }

  hasRef(): boolean {
    return this.#referenced;
  }

  [Symbol.toPrimitive](): number {
    return this.number;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function nodeDelayMs(delayMs: unknown): number {
  const delay = Math.trunc(Number(delayMs));
  return delay >= 1 && delay <= DELAY_MS_MAX ? delay : 1;
}
