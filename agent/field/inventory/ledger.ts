import { INVENTORY_REQUESTS_MAX } from "../../contract/inventory.ts";
import type { InventoryRequest, InventoryUnit } from "../../contract/inventory.ts";
import type { HeardRequest } from "./heard-pdu.ts";
import { TimeSketch } from "./time-sketch.ts";
import type { StoredSketch } from "./time-sketch.ts";

/** Kinds of exceptions counted for one unit; what comes on top is not. */
const EXCEPTION_KINDS_MAX = 64;
/** Objects of an identification that are kept, and characters of each: all that the standard names. */
const IDENTITY_OBJECTS_MAX = 32;
const IDENTITY_CHARS_MAX = 245;
/** Ranges that one unit answered, kept so that a change is known after a restart too. */
const RANGES_MAX = 256;

/** What is known of one unit. */
export interface UnitRecord {
  readonly unit: number;
  readonly firstSeenMs: number;
  lastSeenMs: number;
  replies: number;
  readonly times: TimeSketch;
  readonly exceptions: Map<string, number>;
  readonly identity: Map<number, string>;
  /** what it answered with values: function, address and count in one number */
  readonly ranges: Set<number>;
}

export interface StoredUnit extends Pick<UnitRecord, "unit" | "firstSeenMs" | "lastSeenMs" | "replies"> {
  readonly times: StoredSketch;
  readonly exceptions: readonly (readonly [string, number])[];
  readonly identity: readonly (readonly [number, string])[];
  readonly ranges: readonly number[];
}

/** Units and foreign requests of one bus: bounded, what was not seen for longest goes first. */
export class Ledger {
  /** something that matters beyond a count is new since this was last false */
  changed = false;
  readonly #units = new Map<number, UnitRecord>();
  readonly #requests = new Map<string, { -readonly [Key in keyof InventoryRequest]: InventoryRequest[Key] }>();

  find(unit: number): UnitRecord | undefined {
    return this.#units.get(unit);
  }

  /** The unit said something at this time. */
  seen(unit: number, unixMs: number): UnitRecord {
    const known = this.#units.get(unit);
    if (known !== undefined) {
      known.lastSeenMs = unixMs;
      return known;
    }
    this.changed = true;
    const record: UnitRecord = {
      unit,
      firstSeenMs: unixMs,
      lastSeenMs: unixMs,
      replies: 0,
      times: new TimeSketch(),
      exceptions: new Map(),
      identity: new Map(),
      ranges: new Set(),
    };
    this.#units.set(unit, record);
    return record;
  }

  exception(record: UnitRecord, code: number, exception: number): void {
    const key = `${code}:${exception}`;
    const before = record.exceptions.get(key);
    if (before === undefined && record.exceptions.size >= EXCEPTION_KINDS_MAX) return;
    if (before === undefined) this.changed = true;
    record.exceptions.set(key, (before ?? 0) + 1);
  }

  identified(record: UnitRecord, object: number, text: string): void {
    if (record.identity.get(object) === text) return;
    if (!record.identity.has(object) && record.identity.size >= IDENTITY_OBJECTS_MAX) return;
    record.identity.set(object, text.slice(0, IDENTITY_CHARS_MAX));
    this.changed = true;
  }

  answeredRange(record: UnitRecord, range: number): void {
    if (record.ranges.has(range) || record.ranges.size >= RANGES_MAX) return;
    record.ranges.add(range);
    this.changed = true;
  }

  /** Somebody else asked. @returns how often, this one included */
  asked(request: HeardRequest, planned: boolean, unixMs: number): number {
    const { unit, function: code, address, quantity } = request;
    const key = `${unit} ${code} ${address} ${quantity}`;
    const known = this.#requests.get(key);
    this.#requests.delete(key);
    if (known === undefined) {
      this.changed = true;
      if (this.#requests.size >= INVENTORY_REQUESTS_MAX) this.#forgetOldest();
      const range = address === undefined || quantity === undefined ? {} : { address, quantity };
      const entry = { unit, function: code, ...range, planned, count: 1, firstSeenMs: unixMs, lastSeenMs: unixMs };
      this.#requests.set(key, entry);
      return 1;
    }
    this.#requests.set(key, known);
    known.count++;
    known.lastSeenMs = unixMs;
    return known.count;
  }

  /** @param deviceOf the configured device of a unit */
  units(deviceOf: (unit: number) => string | undefined): readonly InventoryUnit[] {
    return [...this.#units.values()]
      .toSorted((a, b) => a.unit - b.unit)
      .map((record) => shownUnit(record, deviceOf(record.unit)));
  }

  requests(): readonly InventoryRequest[] {
    return [...this.#requests.values()].toSorted((a, b) => a.unit - b.unit || a.function - b.function);
  }

  stored(): { readonly units: readonly StoredUnit[]; readonly requests: readonly InventoryRequest[] } {
    const units = [...this.#units.values()].map((record) => ({
      ...record,
      times: record.times.stored(),
      exceptions: [...record.exceptions],
      identity: [...record.identity],
      ranges: [...record.ranges],
    }));
    return { units, requests: [...this.#requests.values()] };
  }

  restore({ units, requests }: ReturnType<Ledger["stored"]>): void {
    for (const stored of units) {
      this.#units.set(stored.unit, {
        ...stored,
        times: new TimeSketch(stored.times),
        exceptions: new Map(stored.exceptions.slice(0, EXCEPTION_KINDS_MAX)),
        identity: new Map(stored.identity.slice(0, IDENTITY_OBJECTS_MAX)),
        ranges: new Set(stored.ranges.slice(0, RANGES_MAX)),
      });
    }
    for (const request of requests.slice(0, INVENTORY_REQUESTS_MAX)) {
      const { unit, function: code, address, quantity } = request;
      this.#requests.set(`${unit} ${code} ${address} ${quantity}`, { ...request });
    }
  }

  #forgetOldest(): void {
    for (const key of this.#requests.keys()) {
      this.#requests.delete(key);
      return;
    }
  }
}

function shownUnit(record: UnitRecord, device: string | undefined): InventoryUnit {
  const { unit, firstSeenMs, lastSeenMs, replies, times, exceptions, identity } = record;
  const { count } = times;
  return {
    unit,
    ...(device === undefined ? {} : { device }),
    expected: device !== undefined,
    firstSeenMs,
    lastSeenMs,
    replies,
    ...(count === 0
      ? {}
      : {
          replyTime: {
            count,
            p10Ms: times.percentile(0.1),
            p50Ms: times.percentile(0.5),
            p90Ms: times.percentile(0.9),
          },
        }),
    exceptions: Object.fromEntries(exceptions),
    ...(identity.size === 0 ? {} : { identity: Object.fromEntries([...identity].map(([id, text]) => [id, text])) }),
  };
}
