import { ALARM_EVENTS_MAX } from "../../contract/alarms.ts";
import type { AlarmCursor, AlarmEventsTaken } from "../../contract/alarm-cursors.ts";
import type { AlarmEvent } from "../../contract/alarms.ts";

/** Changes of alarms until `uplink` has delivered them: in order, bounded, the oldest out first, every loss counted. */
export class AlarmEvents {
  /** Told that there is something new. */
  listener: (() => void) | undefined;
  lost = 0;
  /** what the uplink said last of its receivers, for the next one */
  receivers: readonly AlarmCursor[] = [];
  readonly #bootId: string;
  #waiting: AlarmEvent[] = [];
  #next = 0;

  constructor(bootId: string) {
    this.#bootId = bootId;
  }

  add(event: Omit<AlarmEvent, "kind" | "bootId" | "sequence" | "lost">): void {
    if (this.#waiting.length >= ALARM_EVENTS_MAX) {
      this.#waiting.shift();
      this.lost++;
    }
    this.#waiting.push({
      kind: "alarm-event",
      bootId: this.#bootId,
      sequence: this.#next++,
      lost: this.lost,
      ...event,
    });
    this.listener?.();
  }

  /** What waits and is newer than `sequence`, oldest first; -1: all. */
  after(sequence: number): readonly AlarmEvent[] {
    return this.#waiting.filter((event) => event.sequence > sequence);
  }

  /** Everything up to `sequence` of this boot is delivered, or its loss is counted elsewhere. */
  taken({ bootId, sequence, receivers }: Omit<AlarmEventsTaken, "kind">): void {
    if (bootId !== this.#bootId) return;
    this.receivers = receivers;
    this.#waiting = this.#waiting.filter((event) => event.sequence > sequence);
  }
}
