import type { Clock } from "../../../hal/clock.ts";
import type { Log } from "../../contract/log.ts";
import { TRAFFIC_CLASSES } from "../../contract/uplink-status.ts";
import type { Traffic, TrafficClass } from "../../contract/uplink-status.ts";
import type { Crossed } from "./counted-network.ts";
import { NO_TRAFFIC, addTraffic, beginPeriods, periodsAt } from "./period.ts";
import type { Periods } from "./period.ts";
import type { TrafficStore } from "./store.ts";

/** What was counted is stored at the latest after this: a power cut costs no more of the count. */
export const STORE_MS = 600_000;
/** Where much was used since, it is stored sooner, but no oftener than this. */
export const STORE_MS_MIN = 60_000;
/** What counts as much: the smallest allowance that a configuration may give is ten times this. */
const STORE_BYTES = 10_000;
/** Around each packet: TLS record header, content type and tag. @see RFC 8446 §5.2 */
const RECORD_BYTES = 22;

export interface MeterParts {
  readonly clock: Pick<Clock, "monotonicMs" | "wall">;
  readonly log: Log;
  readonly store: TrafficStore;
  /** everything that has crossed so far, in both directions */
  readonly crossed: () => Crossed;
}

/**
 * What the connection costs, by class, in this day and month. Of what is sent, a class is charged its packets and the
 * TLS records around them; all the rest, and all that is received, is overhead.
 */
export class Meter {
  readonly #parts: MeterParts;
  #periods: Periods;
  #sampledMs: number;
  #crossed: Crossed = { sent: 0, received: 0 };
  /** bytes of packets that were published and not yet seen to cross, and how many packets */
  #pending = { live: 0, history: 0, management: 0 };
  #packets = 0;
  #storedMs: number;
  #unstored = 0;

  constructor(parts: MeterParts) {
    this.#parts = parts;
    this.#periods = beginPeriods(parts.clock.wall());
    this.#sampledMs = parts.clock.monotonicMs();
    this.#storedMs = this.#sampledMs;
  }

  /** Takes up what was used before a restart. What cannot be read counts as nothing used, and says so. */
  async start(): Promise<void> {
    try {
      this.#periods = (await this.#parts.store.read()) ?? this.#periods;
    } catch (error) {
      this.#parts.log.error("traffic.unreadable", { message: messageOf(error) });
    }
    this.sample();
  }

  /** A packet of that many bytes was handed to the connection. */
  published(traffic: TrafficClass, packetBytes: number): void {
    this.#pending[traffic] += packetBytes;
    this.#packets += 1;
  }

  /** The connection is gone, and with it whatever had not crossed. */
  closed(): void {
    this.sample();
    this.#pending = { live: 0, history: 0, management: 0 };
    this.#packets = 0;
  }

  /** Counts what crossed since it was called last, in the day and month that it now is. */
  sample(): void {
    const { clock, crossed } = this.#parts;
    const [now, nowMs] = [crossed(), clock.monotonicMs()];
    const sent = now.sent - this.#crossed.sent;
    const received = now.received - this.#crossed.received;
    this.#periods = periodsAt(this.#periods, clock.wall(), nowMs - this.#sampledMs);
    this.#crossed = now;
    this.#sampledMs = nowMs;
    if (sent + received === 0) return;
    this.#unstored += sent + received;
    this.#periods = addTraffic(this.#periods, this.#charge(sent, received));
  }

  get day(): Traffic {
    return this.#periods.day.used;
  }

  get month(): Traffic {
    return this.#periods.month.used;
  }

  /** Counted, and handed over but not seen to cross. */
  used(traffic: TrafficClass): { readonly day: number; readonly month: number } {
    const pending = this.#pending[traffic];
    return { day: this.day[traffic] + pending, month: this.month[traffic] + pending };
  }

  /** Stores what was counted where that is due; at once where `now` says so. What cannot be stored is still counted. */
  async store(now = false): Promise<void> {
    const { clock, store, log } = this.#parts;
    const sinceMs = clock.monotonicMs() - this.#storedMs;
    const due = sinceMs >= STORE_MS || (sinceMs >= STORE_MS_MIN && this.#unstored >= STORE_BYTES);
    if (this.#unstored === 0 || !(due || now)) return;
    this.#storedMs = clock.monotonicMs();
    this.#unstored = 0;
    await store.replace(this.#periods).catch((error: unknown) => {
      log.error("traffic.not-stored", { message: messageOf(error) });
    });
  }

  #charge(sent: number, received: number): Traffic {
    const due = TRAFFIC_CLASSES.reduce((total, one) => total + this.#pending[one], 0);
    if (due === 0) return { ...NO_TRAFFIC, overhead: sent + received };
    const crossed = sent >= due;
    // several packets may share a record: no more is charged than was sent
    const total = crossed ? Math.min(sent, due + this.#packets * RECORD_BYTES) : sent;
    const charged = { ...NO_TRAFFIC };
    for (const one of TRAFFIC_CLASSES) {
      charged[one] = Math.floor((this.#pending[one] / due) * total);
      this.#pending[one] = crossed ? 0 : this.#pending[one] - charged[one];
    }
    if (crossed) this.#packets = 0;
    const { live, history, management } = charged;
    return { ...charged, overhead: sent + received - live - history - management };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
