import type { Clock, Timer } from "../../../hal/clock.ts";
import type { DigitalIo, OutputLine } from "../../../hal/digital-io.ts";
import { HalError } from "../../../hal/error.ts";
import type { Fault } from "../../contract/fault.ts";
import type { Log } from "../../contract/log.ts";
import { lineFault } from "./line-fault.ts";
import { HANG_MS, closed } from "./patience.ts";

/** A line that could not be opened or set is tried again after so long: somebody may be plugging it in. */
const RETRY_MS = 5_000;

export interface DrivenOutputParts {
  readonly clock: Clock;
  readonly digitalIo: DigitalIo;
  readonly log: Log;
}

/** One output of the housing that follows what it is told, whether or not its line works just now. */
export class DrivenOutput {
  readonly #parts: DrivenOutputParts;
  readonly #name: string;
  #line: OutputLine | undefined;
  #wanted: boolean | undefined;
  #has: boolean | undefined;
  #fault: Fault | undefined;
  #working: Promise<void> | undefined;
  #retry: Timer | undefined;
  #stopped = false;

  /** @param name of the line, such as `led:act` */
  constructor(parts: DrivenOutputParts, name: string) {
    this.#parts = parts;
    this.#name = name;
  }

  /** Why it does not follow now. */
  get fault(): Fault | undefined {
    return this.#fault;
  }

  set(high: boolean): void {
    this.#wanted = high;
    // a line that failed is not tried anew for every blink
    if (this.#retry === undefined) this.#follow();
  }

  /** @param last what the line is left with; undefined: as it is */
  async stop(last: boolean | undefined): Promise<void> {
    if (last !== undefined) this.set(last);
    await closed(this.#parts.clock, this.#settled());
    this.#stopped = true;
    this.#retry?.[Symbol.dispose]();
    // what still hangs lets go of its line itself
    if (this.#working === undefined) await this.#line?.[Symbol.asyncDispose]();
  }

  async #settled(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  #follow(): void {
    if (this.#stopped) return;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
      // told another level when the work was as good as done
      if (this.#has !== this.#wanted && this.#retry === undefined) this.#follow();
    });
  }

  async #work(): Promise<void> {
    const { clock, digitalIo } = this.#parts;
    // never asked a second time meanwhile: each time would take one more thread that the disk needs, too
    using _hang = clock.after(HANG_MS, () =>
      this.#failed(new HalError("HAL_LINE_FAILED", `${this.#name} has not answered for ${HANG_MS / 1_000} s`)),
    );
    try {
      this.#line ??= await digitalIo.openOutput(this.#name);
      while (!this.#stopped && this.#has !== this.#wanted && this.#wanted !== undefined) {
        const wanted = this.#wanted;
        await this.#line.set(wanted);
        this.#has = wanted;
      }
      this.#fault = undefined;
      if (this.#stopped) await this.#line[Symbol.asyncDispose]();
    } catch (error) {
      this.#has = undefined;
      this.#failed(error);
      await this.#line?.[Symbol.asyncDispose]();
      this.#line = undefined;
      if (this.#stopped) return;
      this.#retry = clock.after(RETRY_MS, () => {
        this.#retry = undefined;
        this.#follow();
      });
    }
  }

  #failed(error: unknown): void {
    const { clock, log } = this.#parts;
    if (this.#fault === undefined) log.warn("io.output-failed", { line: this.#name, message: String(error) });
    this.#fault = lineFault(error, clock);
  }
}
