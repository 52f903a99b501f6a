import type { Clock } from "../../../hal/clock.ts";
import type { Disk } from "../../../hal/disk.ts";
import type { Log } from "../../contract/log.ts";
import { Kept } from "./kept.ts";
import { NOTHING_HELD, step } from "./state.ts";
import type { OutputsEvent, OutputsState } from "./state.ts";

/** Pause before a state that a disk refused is offered to it again. */
const STORE_RETRY_MS = 60_000;

export interface LedgerParts {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly log: Log;
  /** The state is another one, and not stored yet: what it forbids is forbidden from here on. */
  forbid(): void;
  /** The state is another one, and stored as far as the disk allows: what it wants may be done. */
  act(): void;
}

/** What is held and planned, from before the last restart until now: stored first, acted on second. */
export class Ledger {
  readonly #parts: LedgerParts;
  readonly #kept: Kept;
  #state: OutputsState = NOTHING_HELD;
  #memory: "unread" | "reading" | "read" = "unread";
  #begun: Promise<void> = Promise.resolve();
  #storedMs = 0;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
    this.#kept = new Kept(parts.disk, parts.clock, parts.log);
  }

  get state(): OutputsState {
    return this.#state;
  }

  /** Whether it is known what was held and planned before. Until then nothing may be commanded. */
  get isRead(): boolean {
    return this.#memory === "read";
  }

  /** Why the latest state is not on disk; undefined where it is. */
  get fault(): string | undefined {
    return this.#kept.fault;
  }

  /**
   * Reads what was stored, once; further calls do nothing.
   * @param start what is made of it: the state to go on from, and what becomes of it at once
   */
  async begin(
    start: (
      stored: Awaited<ReturnType<Kept["read"]>>,
    ) => Promise<{ state: OutputsState; events: readonly OutputsEvent[] }>,
  ): Promise<void> {
    if (this.#memory !== "unread") return;
    this.#memory = "reading";
    this.#begun = this.#read(start);
    await this.#begun;
  }

  /** Resolves once nothing is being read: what is read afterwards would take the place of a change. */
  async settled(): Promise<void> {
    do await this.#begun;
    while (this.#memory === "reading");
  }

  /** Resolves once it is stored, or need not be waited for any longer, and acted on. The state is another one at once. */
  async change(...events: readonly OutputsEvent[]): Promise<void> {
    const before = this.#state;
    this.#state = events.reduce(step, before);
    if (this.#state === before) return;
    this.#parts.forbid();
    await this.#store();
    this.#parts.act();
  }

  /** Offers a state that the disk refused to it again, when it is time. */
  retry(): void {
    if (this.fault !== undefined && this.#parts.clock.monotonicMs() - this.#storedMs >= STORE_RETRY_MS)
      void this.#store();
  }

  #store(): Promise<void> {
    this.#storedMs = this.#parts.clock.monotonicMs();
    return this.#kept.replace(this.#state);
  }

  async #read(start: Parameters<Ledger["begin"]>[0]): Promise<void> {
    const { state, events } = await start(await this.#kept.read());
    this.#state = state;
    this.#memory = "read";
    await this.change(...events);
  }
}
