import type { Log } from "../../contract/log.ts";
import type { Configure, Configured } from "../../contract/rooms.ts";
import { SOURCES_MAX } from "../../contract/telemetry.ts";
import type { BusSet } from "../bus-set.ts";
import type { FieldSnapshot } from "../../config/snapshot.ts";
import type { LocalPart } from "../local-sources.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { ShownList } from "../outbox/shown.ts";
import type { Outputs } from "../outputs/outputs.ts";
import type { PointBook } from "../points/book.ts";
import type { Source } from "../points/source.ts";
import { checkFieldSnapshot } from "./check.ts";
import type { LastGood } from "./last-good.ts";
import { ConfigurationError } from "./refusal.ts";

/** Device names one start of the process may see: each goes on counting its sequence until the next start. */
const NAMES_MAX = 10 * SOURCES_MAX;

export interface ConfiguratorParts {
  readonly lastGood: LastGood;
  readonly buses: BusSet;
  readonly local: readonly LocalPart[];
  readonly outputs: Outputs;
  readonly book: PointBook;
  readonly outbox: Outbox;
  readonly log: Log;
}

/** Takes configurations one after another: checks, stores, applies. What it refuses changes nothing. */
export class Configurator implements AsyncDisposable {
  #digest = "";
  #field: FieldSnapshot | undefined;
  #shown: ShownList | undefined;
  readonly #lastGood: LastGood;
  readonly #buses: BusSet;
  readonly #local: readonly LocalPart[];
  readonly #outputs: Outputs;
  readonly #book: PointBook;
  readonly #outbox: Outbox;
  readonly #log: Log;
  #queue: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor({ lastGood, buses, local, outputs, book, outbox, log }: ConfiguratorParts) {
    this.#lastGood = lastGood;
    this.#buses = buses;
    this.#local = local;
    this.#outputs = outputs;
    this.#book = book;
    this.#outbox = outbox;
    this.#log = log;
  }

  /** Of the configuration that is running; empty while there is none. */
  get digest(): string {
    return this.#digest;
  }

  /** What the Modbus server of `uplink` shows; undefined while nothing is, and while a configuration is being taken up. */
  get shown(): ShownList | undefined {
    return this.#shown;
  }

  /** From the last good one, if there is any. */
  async start(): Promise<void> {
    const stored = await this.#lastGood.read();
    if (stored !== undefined) await this.#apply(stored.digest, stored.field);
  }

  offer(offered: Configure): Promise<Configured> {
    const taken = this.#queue.then(() => this.#take(offered));
    this.#queue = taken;
    return taken;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await this.#queue;
    await this.#outputs.stop();
    await Promise.all(this.#local.map((part) => part.stop()));
    await this.#buses.stop();
  }

  async #take({ digest, part }: Configure): Promise<Configured> {
    if (this.#stopped || (digest === this.#digest && this.#field !== undefined)) return this.#running();
    try {
      const field = checkFieldSnapshot(part);
      this.#checkNames(field);
      await this.#store(digest, field);
      await this.#apply(digest, field);
      this.#log.info("config.taken", { digest });
      return this.#running();
    } catch (error) {
      const code = error instanceof ConfigurationError ? error.code : "CONFIG_SNAPSHOT_MALFORMED";
      const message = (error instanceof Error ? error.message : String(error)).slice(0, MESSAGE_CHARS_MAX);
      this.#log.error("config.refused", { digest, code, message });
      return { ...this.#running(), refused: { digest, code, message } };
    }
  }

  async #store(digest: string, field: FieldSnapshot): Promise<void> {
    try {
      await this.#lastGood.replace({ digest, field });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new ConfigurationError("CONFIG_NOT_STORED", message, { cause: error });
    }
  }

  async #apply(digest: string, field: FieldSnapshot): Promise<void> {
    this.#digest = digest;
    this.#field = field;
    this.#shown = undefined;
    this.#outbox.valuesMax = field.queueValuesMax;
    await this.#buses.apply(field);
    await Promise.all(this.#local.map((part) => part.apply(field)));
    const sources = [...this.#buses.all, ...this.#local].flatMap((part): readonly Source[] => part.sources);
    this.#book.lay(sources);
    if (field.shown !== undefined) this.#shown = { digest, points: field.shown };
    this.#outbox.relayout(sources);
    this.#outbox.listener?.relayout();
    // only now: a value must not come before the numbering that names it
    for (const part of this.#local) part.start();
    await this.#outputs.apply(field);
    this.#buses.start();
  }

  #checkNames(field: FieldSnapshot): void {
    const known = this.#outbox.namesKnown;
    let names = known.size;
    for (const bus of field.buses) for (const { name } of bus.devices) if (!known.has(name)) names++;
    if (names <= NAMES_MAX) return;
    throw new ConfigurationError(
      "CONFIG_NAMES_EXHAUSTED",
      `${names} device names since the start, ${NAMES_MAX} at most`,
    );
  }

  #running(): Configured {
    return { kind: "configured", digest: this.#digest };
  }
}

const MESSAGE_CHARS_MAX = 512;
