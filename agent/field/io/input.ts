import type { Clock, Timer } from "../../../hal/clock.ts";
import type { DigitalIo } from "../../../hal/digital-io.ts";
import type { IoInput } from "../../config/snapshot/io.ts";
import type { Fault } from "../../contract/fault.ts";
import type { Log } from "../../contract/log.ts";
import { lineFault } from "./line-fault.ts";

/** An input that could not be opened, or failed, is tried again after so long. */
const RETRY_MS = 5_000;

export interface InputParts {
  readonly clock: Clock;
  readonly digitalIo: DigitalIo;
  readonly log: Log;
}

/** One input of the housing: settled levels, or that there are none. */
export class Input {
  readonly snapshot: IoInput;
  readonly #parts: InputParts;
  readonly #told: (value: boolean | null) => void;
  /** null: the line cannot be read; undefined: not yet */
  #value: boolean | null | undefined;
  #fault: Fault | undefined;
  #settling: Timer | undefined;
  #retry: Timer | undefined;
  #line: AsyncDisposable | undefined;
  #opening: Promise<void> | undefined;
  #stopped = false;

  /** @param told the value whenever it is another, null where the line cannot be read */
  constructor(parts: InputParts, snapshot: IoInput, told: (value: boolean | null) => void) {
    this.#parts = parts;
    this.snapshot = snapshot;
    this.#told = told;
  }

  get value(): boolean | null {
    return this.#value ?? null;
  }

  /** Why the line could not be read last; stays after it can. */
  get fault(): Fault | undefined {
    return this.#fault;
  }

  start(): void {
    this.#opening = this.#open();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#settling?.[Symbol.dispose]();
    this.#retry?.[Symbol.dispose]();
    await this.#opening;
    await this.#line?.[Symbol.asyncDispose]();
  }

  async #open(): Promise<void> {
    const { digitalIo } = this.#parts;
    try {
      const line = await digitalIo.openInput(this.snapshot.line, {
        level: (high) => this.#level(high !== this.snapshot.invert),
        failed: (error) => this.#failed(error),
      });
      // it may have failed as soon as it was open
      if (this.#retry === undefined && !this.#stopped) this.#line = line;
      else await line[Symbol.asyncDispose]();
    } catch (error) {
      this.#failed(error);
    }
  }

  #level(value: boolean): void {
    this.#settling?.[Symbol.dispose]();
    this.#settling = undefined;
    if (this.#stopped || value === this.#value) return;
    // after opening there is no level before that this one could bounce from
    if (typeof this.#value !== "boolean") this.#tell(value);
    else this.#settling = this.#parts.clock.after(this.snapshot.debounceMs, () => this.#tell(value));
  }

  #tell(value: boolean | null): void {
    this.#value = value;
    this.#told(value);
  }

  #failed(error: unknown): void {
    const { clock, log } = this.#parts;
    if (this.#stopped) return;
    this.#settling?.[Symbol.dispose]();
    this.#line = undefined;
    this.#fault = lineFault(error, clock);
    if (this.#value !== null) {
      const { name, line } = this.snapshot;
      log.warn("io.input-failed", { name, line, code: this.#fault.code, message: this.#fault.message });
      this.#tell(null);
    }
    this.#retry = clock.after(RETRY_MS, () => {
      this.#retry = undefined;
      this.#opening = this.#open();
    });
  }
}
