import type { Clock, Timer } from "../../../hal/clock.ts";
import type { Log } from "../../contract/log.ts";
import type { AlarmStore, StoredAlarm } from "./stored.ts";

/** A flash disk takes one write in a second for years; a flood of alarms is one write, too. */
const WRITE_MS = 1_000;
/** A disk that refused may have room again. */
const RETRY_MS = 60_000;

/** Stores what has to survive a restart: soon where the plant changed it, at once where a person did. */
export class AlarmMemory {
  readonly #clock: Clock;
  readonly #store: AlarmStore;
  readonly #snapshot: () => readonly StoredAlarm[];
  readonly #log: Log;
  #timer: Timer | undefined;
  #retry: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(clock: Clock, store: AlarmStore, snapshot: () => readonly StoredAlarm[], log: Log) {
    this.#clock = clock;
    this.#store = store;
    this.#snapshot = snapshot;
    this.#log = log;
  }

  soon(): void {
    this.#timer ??= this.#clock.after(WRITE_MS, () => void this.now().catch(this.#failed));
  }

  /** @throws {HalError} what the disk refuses; it is tried again by and by */
  now(): Promise<void> {
    this.#rest();
    // what it is when its turn comes: a later state must never be overwritten by an earlier one
    const write = this.#writing.then(() => this.#store.replace(this.#snapshot()));
    this.#writing = write.catch(() => {
      this.#retry ??= this.#clock.after(RETRY_MS, () => this.soon());
    });
    return write;
  }

  async stop(): Promise<void> {
    await this.#writing;
    const unwritten = this.#timer !== undefined || this.#retry !== undefined;
    if (unwritten) await this.now().catch(this.#failed);
    await this.#writing;
    this.#rest();
  }

  #rest(): void {
    this.#timer?.[Symbol.dispose]();
    this.#retry?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#retry = undefined;
  }

  readonly #failed = (error: unknown): void => this.#log.error("alarms.not-stored", { message: String(error) });
}
