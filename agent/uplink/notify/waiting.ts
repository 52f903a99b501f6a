import type { AlarmCursor } from "../../contract/alarm-cursors.ts";
import { ALARM_EVENTS_MAX } from "../../contract/alarms.ts";
import type { AlarmEvent } from "../../contract/alarms.ts";
import type { Delivery } from "./receiver.ts";

interface Item {
  readonly event: AlarmEvent;
  lostBefore: number;
}

/**
 * What waits for one receiver: in order, bounded, the oldest out first. A loss is told by whatever comes after it, so
 * the receiver learns where in the order something is missing.
 */
export class Waiting {
  lostCount = 0;
  max: number;
  /** latest event that came this far, whether or not it is for this receiver */
  #at: { readonly bootId: string; readonly sequence: number } | undefined;
  #items: Item[] = [];
  /** how many of the first are on their way */
  #taken = 0;
  #untold = 0;

  constructor(max: number) {
    this.max = max;
  }

  get length(): number {
    return this.#items.length;
  }

  /** Goes on behind `sequence`, with so many losses that nobody was told of. */
  begin(bootId: string, sequence: number, lost = 0): void {
    this.#at = { bootId, sequence };
    this.missed(lost);
  }

  /** Whether the event is a new one. What lies between it and the one before is lost, of whatever priority. */
  reaches({ bootId, sequence, lost }: AlarmEvent): boolean {
    const at = this.#at?.bootId === bootId ? this.#at : undefined;
    if (at !== undefined && sequence <= at.sequence) return false;
    this.missed(at === undefined ? lost : sequence - at.sequence - 1);
    this.#at = { bootId, sequence };
    return true;
  }

  /** @param away the receiver failed last; otherwise as many may wait as `field` hands over at once after a pause */
  add(event: AlarmEvent, away: boolean): void {
    this.#items.push({ event, lostBefore: this.#untold });
    this.#untold = 0;
    const max = away ? this.max : ALARM_EVENTS_MAX;
    // what is on its way may be there already: it stays until its fate is known
    while (this.#items.length - this.#taken > max) this.#lose(this.#taken);
  }

  /** Somebody before us lost so many after everything that waits now. */
  missed(count: number): void {
    this.lostCount += count;
    this.#untold += count;
  }

  /** The oldest, which stay until they are done or put back. */
  take(count: number): readonly Delivery[] {
    const taken = this.#items.slice(0, count);
    this.#taken = taken.length;
    return taken.map(({ event, lostBefore }) => ({ event, lostBefore, test: false }));
  }

  done(): void {
    this.#items = this.#items.slice(this.#taken);
    this.#taken = 0;
  }

  putBack(): void {
    this.#taken = 0;
    while (this.#items.length > this.max) this.#lose(0);
  }

  /** The receiver will not take the oldest, ever. */
  giveUp(): void {
    this.#taken = 0;
    this.#lose(0);
  }

  /** Whoever delivered what was on its way has stopped, and nobody knows how far it came. */
  release(): void {
    this.#taken = 0;
  }

  /** How far this is in that boot. What waits of boots before is lost with us, since nobody else has it any more. */
  cursor(bootId: string): Omit<AlarmCursor, "name"> {
    let lost = 0;
    for (const { event, lostBefore } of this.#items) {
      lost += lostBefore;
      if (event.bootId === bootId) return { sequence: event.sequence - 1, lost };
      lost += 1;
    }
    const sequence = this.#at?.bootId === bootId ? this.#at.sequence : -1;
    return { sequence, lost: lost + this.#untold };
  }

  #lose(index: number): void {
    const [lost] = this.#items.splice(index, 1);
    if (lost === undefined) return;
    this.lostCount += 1;
    const next = this.#items[index];
    if (next === undefined) this.#untold += lost.lostBefore + 1;
    else next.lostBefore += lost.lostBefore + 1;
  }
}
