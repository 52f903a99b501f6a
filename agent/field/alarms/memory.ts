import type { Clock, Timer } from "../../../hal/clock.ts";
import type { Log } from "../../contract/log.ts";
import type { AlarmStore, StoredAlarm } from "./stored.ts";

/** A flash disk takes one write in a second for years; a flood of alarms is one write, too. */
const WRITE_MS = 1_000;

/** Stores what has to survive a restart: soon where the plant changed it, at once where a person did. */
export class AlarmMemory {
  readonly #clock: Clock;
  readonly #store: AlarmStore;
  readonly #snapshot: () => readonly StoredAlarm[];
  readonly #log: Log;
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(clock: Clock, store: AlarmStore, snapshot: () => readonly StoredAlarm[], log: Log) {
    this.#clock = clock;
    this.#store = store;
    this.#snapshot = snapshot;
    this.#log = log;
  }

  soon(): void {
    this.#timer ??= this.#clock.after(WRITE_MS, () => {
      this.now().catch((error: unknown) => this.#log.error("alarms.not-stored", { message: String(error) }));
    });
  }

  /** @throws {HalError} what the disk refuses */
  now(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    // what it is when its turn comes: a later state must never be overwritten by an earlier one
    const write = this.#writing.then(() => this.#store.replace(this.#snapshot()));
    this.#writing = write.catch(() => {});
    return write;
  }

  async stop(): Promise<void> {
    if (this.#timer !== undefined) {
      await this.now().catch((error: unknown) => this.#log.error("alarms.not-stored", { message: String(error) }));
    }
    await this.#writing;
  }
}
