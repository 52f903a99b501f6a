import type { BusSnapshot, FieldSnapshot } from "../config/snapshot.ts";
import { Bus } from "./bus/bus.ts";
import type { BusParts } from "./bus/bus.ts";

/** Spreads neighbours as far apart as any number of buses allows: the golden ratio. */
const SPREAD_STEP = 0.618_033_988_749_895;

export interface BusSetParts extends BusParts {
  /** Told the names of all buses there are now, after each change. */
  readonly configured?: (names: ReadonlySet<string>) => void;
}

/** The running buses. A new configuration touches only those that it changes. */
export class BusSet {
  readonly #parts: BusSetParts;
  #buses: readonly Bus[] = [];

  constructor(parts: BusSetParts) {
    this.#parts = parts;
  }

  get all(): readonly Bus[] {
    return this.#buses;
  }

  /** Stops what changed or went, so that lines are free, and gets ready what is new. The rest notices nothing. */
  async apply(field: FieldSnapshot): Promise<void> {
    const running = new Map(this.#buses.map((bus) => [bus.snapshot.name, bus]));
    const kept = new Set<Bus>();
    for (const offered of field.buses) {
      const bus = running.get(offered.name);
      if (bus !== undefined && same(bus.snapshot, offered)) kept.add(bus);
    }
    const ended = this.#buses.filter((bus) => !kept.has(bus));
    this.#buses = [...kept];
    await Promise.all(ended.map((bus) => bus.stop()));
    this.#buses = field.buses.map((offered, place) => {
      const bus = running.get(offered.name);
      if (bus !== undefined && kept.has(bus)) return bus;
      return new Bus(this.#parts, offered, (place * SPREAD_STEP) % 1);
    });
    this.#parts.configured?.(new Set(field.buses.map(({ name }) => name)));
  }

  /** How long the most overdue step of any bus is overdue. */
  lateMs(nowMs: number): number {
    return Math.max(0, ...this.#buses.map((bus) => bus.lateMs(nowMs)));
  }

  /** Starts what is not running yet. */
  start(): void {
    for (const bus of this.#buses) bus.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#buses.map((bus) => bus.stop()));
    this.#buses = [];
  }
}

/** Both were checked and are plain data in canonical order, so their text tells. */
function same(a: BusSnapshot, b: BusSnapshot): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
