import type { SystemAlarm } from "../../contract/alarms.ts";
import { INVENTORY_UNITS_MAX } from "../../contract/inventory.ts";
import type { BusInventory } from "../../contract/inventory.ts";
import type { SystemAlarms } from "../alarms/system-alarms.ts";
import { utcText } from "./utc-text.ts";

/** After so long without seeing it again, a finding is over; whoever saw the alarm still has to acknowledge it. */
const OVER_AFTER_MS = 600_000;
/** Of the contract. */
const EVIDENCE_CHARS_MAX = 512;

/** Now, on both clocks: the wall's for people, the other for what must not jump. */
export interface Instant {
  readonly unixMs: number;
  readonly monotonicMs: number;
}

interface Finding {
  readonly alarm: SystemAlarm;
  readonly key: string;
  readonly sinceMs: number;
  lastMs: number;
  evidence: string;
  /** ends only when it is taken back */
  readonly lasting: boolean;
}

/** Mismatches of one bus with its plan that stand, each also an alarm. */
export class Findings {
  readonly #bus: string;
  readonly #alarms: SystemAlarms;
  readonly #standing = new Map<string, Finding>();

  constructor(bus: string, alarms: SystemAlarms) {
    this.#bus = bus;
    this.#alarms = alarms;
  }

  /**
   * It was seen, now.
   * @param key which one of its kind, on this bus @param what was seen: the bus and since when are put around it
   */
  seen(alarm: SystemAlarm, key: string, what: string, now: Instant, lasting = false): void {
    const id = `${alarm} ${key}`;
    const standing = this.#standing.get(id);
    const sinceMs = standing?.sinceMs ?? now.unixMs;
    const evidence = `${this.#bus}: ${what}; since ${utcText(sinceMs)}`.slice(0, EVIDENCE_CHARS_MAX);
    if (standing === undefined) {
      if (this.#standing.size >= INVENTORY_UNITS_MAX) return;
      this.#standing.set(id, { alarm, key, sinceMs, lastMs: now.monotonicMs, evidence, lasting });
    } else {
      standing.lastMs = now.monotonicMs;
      if (standing.evidence === evidence) return;
      standing.evidence = evidence;
    }
    this.#alarms.set(alarm, this.#keyOf(key), true, evidence);
  }

  get none(): boolean {
    return this.#standing.size === 0;
  }

  over(alarm: SystemAlarm, key: string): void {
    const standing = this.#standing.get(`${alarm} ${key}`);
    if (standing !== undefined) this.#end(standing);
  }

  /** Ends what was not seen again for {@link OVER_AFTER_MS}. */
  expire(nowMs: number): void {
    for (const finding of this.#standing.values()) {
      if (!finding.lasting && nowMs - finding.lastMs > OVER_AFTER_MS) this.#end(finding);
    }
  }

  /** The bus is another one now, or gone. */
  clear(): void {
    for (const finding of this.#standing.values()) this.#end(finding);
  }

  shown(): BusInventory["findings"] {
    return [...this.#standing.values()].map(({ alarm, evidence, sinceMs }) => ({ alarm, evidence, sinceMs }));
  }

  #end({ alarm, key, evidence }: Finding): void {
    this.#standing.delete(`${alarm} ${key}`);
    this.#alarms.set(alarm, this.#keyOf(key), false, evidence);
  }

  #keyOf(key: string): string {
    return key === "" ? this.#bus : `${this.#bus}/${key}`;
  }
}
