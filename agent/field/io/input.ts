import type { Clock, Timer } from "../../../hal/clock.ts";
import type { DigitalIo } from "../../../hal/digital-io.ts";
import { HalError } from "../../../hal/error.ts";
import type { IoInput } from "../../config/snapshot/io.ts";
import type { Fault } from "../../contract/fault.ts";
import type { Log } from "../../contract/log.ts";
import { lineFault } from "./line-fault.ts";
import { HANG_MS, closed } from "./patience.ts";

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
    await closed(this.#parts.clock, this.#opening);
    await this.#line?.[Symbol.asyncDispose]();
  }

  async #open(): Promise<void> {
    const { clock, digitalIo } = this.#parts;
    const { name, line: place } = this.snapshot;
    using _hang = clock.after(HANG_MS, () =>
      this.#unreadable(new HalError("HAL_LINE_FAILED", `${name}: ${place} has not answered for ${HANG_MS / 1_000} s`)),
    );
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
    if (this.#stopped) return;
    this.#settling?.[Symbol.dispose]();
    this.#line = undefined;
    this.#unreadable(error);
    this.#retry?.[Symbol.dispose]();
    this.#retry = this.#parts.clock.after(RETRY_MS, () => {
      this.#retry = undefined;
      this.#opening = this.#open();
    });
  }

  #unreadable(error: unknown): void {
    const { clock, log } = this.#parts;
    if (this.#stopped) return;
    this.#fault = lineFault(error, clock);
    if (this.#value === null) return;
    const { name, line } = this.snapshot;
    log.warn("io.input-failed", { name, line, code: this.#fault.code, message: this.#fault.message });
    this.#tell(null);
  }
}
