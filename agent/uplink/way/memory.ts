import type { Clock } from "../../../hal/clock.ts";
import type { Disk } from "../../../hal/disk.ts";
import { openCell } from "../../../hal/storage/cell.ts";
import { Check } from "typebox/schema";
import type { Log } from "../../contract/log.ts";
import { firstPingPause } from "../upkeep/ping-pause.ts";
import type { PingPause } from "../upkeep/ping-pause.ts";
import { HYBRID_OFFERED, RETRY_HYBRID_MS } from "./hybrid.ts";
import type { Hybrid } from "./hybrid.ts";
import type { Way } from "./way.ts";

/** What was learnt about one way. */
export interface KnownWay {
  readonly hybrid: Hybrid;
  readonly ping: PingPause;
  /** addresses of its name that come last in the next attempt; forgotten by a restart */
  readonly shunned: readonly string[];
}

interface StoredWay {
  readonly pingS: number;
  readonly patience: number;
  /** when the hybrid is due again, Unix milliseconds; absent where it does not stall */
  readonly retryHybridUnixMs?: number;
}

/** Every broker over every interface, and the half of it that an edited configuration left behind. */
const WAYS_MAX = 64;

const Stored = {
  type: "object",
  maxProperties: WAYS_MAX,
  additionalProperties: {
    type: "object",
    required: ["pingS", "patience"],
    additionalProperties: false,
    properties: {
      pingS: { type: "number", minimum: 1, maximum: 65_535 },
      patience: { type: "integer", minimum: 1, maximum: 65_535 },
      retryHybridUnixMs: { type: "number" },
    },
  },
} as const;

/** What was learnt about the ways, kept over restarts. It is written when a lesson is new, which is seldom. */
export class WayMemory {
  readonly #clock: Pick<Clock, "monotonicMs" | "wall">;
  readonly #log: Log;
  readonly #cell: ReturnType<typeof openCell>;
  readonly #known = new Map<string, KnownWay>();
  #stored = "";

  constructor(clock: Pick<Clock, "monotonicMs" | "wall">, log: Log, disk: Disk) {
    this.#clock = clock;
    this.#log = log;
    this.#cell = openCell(disk, "ways");
  }

  /** Takes up what was stored; what does not read is learnt again. */
  async start(): Promise<void> {
    try {
      const bytes = await this.#cell.read();
      const value: unknown = bytes === undefined ? {} : JSON.parse(Buffer.from(bytes).toString("utf8"));
      if (!Check(Stored, value)) throw new Error("not what is stored here");
      for (const [key, stored] of Object.entries(value as Record<string, StoredWay>)) {
        this.#known.set(key, this.#awake(stored));
      }
    } catch (error) {
      this.#log.warn("ways.unreadable", { message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** The configuration's bounds hold, whatever was learnt under others. */
  of({ key, broker }: Way): KnownWay {
    const first = firstPingPause(broker);
    const { hybrid, ping, shunned } = this.#known.get(key) ?? { hybrid: HYBRID_OFFERED, ping: first, shunned: [] };
    const pingS = Math.min(broker.keepaliveS, Math.max(broker.keepaliveSMin, ping.pingS));
    return { hybrid, ping: { ...ping, pingS }, shunned };
  }

  async learn(way: Way, lesson: Partial<KnownWay>): Promise<void> {
    const known = { ...this.of(way), ...lesson };
    this.#known.delete(way.key);
    this.#known.set(way.key, known);
    for (const key of this.#known.keys()) {
      if (this.#known.size <= WAYS_MAX) break;
      this.#known.delete(key);
    }
    const text = JSON.stringify(this.#asleep());
    if (text === this.#stored) return;
    this.#stored = text;
    await this.#cell.replace(Buffer.from(text)).catch((error: unknown) => {
      this.#log.warn("ways.not-stored", { message: error instanceof Error ? error.message : String(error) });
    });
  }

  #awake({ pingS, patience, retryHybridUnixMs }: StoredWay): KnownWay {
    const ping = { pingS, patience };
    if (retryHybridUnixMs === undefined) return { hybrid: HYBRID_OFFERED, ping, shunned: [] };
    const leftMs = Math.min(RETRY_HYBRID_MS, Math.max(0, retryHybridUnixMs - this.#clock.wall().unixMs));
    return { hybrid: { at: "stalled", retryMs: this.#clock.monotonicMs() + leftMs }, ping, shunned: [] };
  }

  #asleep(): Record<string, StoredWay> {
    const offsetMs = this.#clock.wall().unixMs - this.#clock.monotonicMs();
    const stored: Record<string, StoredWay> = {};
    for (const [key, { hybrid, ping }] of [...this.#known].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      // a longer pause that is only being tried is not knowledge
      const pingS = ping.provenS ?? ping.pingS;
      const { patience } = ping;
      // to the minute: the two clocks drift apart, and that is no lesson
      const retry = hybrid.at === "stalled" ? Math.round((hybrid.retryMs + offsetMs) / 60_000) * 60_000 : undefined;
      stored[key] = { pingS, patience, ...(retry === undefined ? {} : { retryHybridUnixMs: retry }) };
    }
    return stored;
  }
}
