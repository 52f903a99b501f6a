import type { AlarmPriority } from "../../config/snapshot/logic.ts";
import { NORMAL, isActive, step } from "./transition.ts";
import type { Alarm, AlarmHappening } from "./transition.ts";

/** What an alarm is, whatever its state. */
export interface AlarmFacts {
  readonly name: string;
  readonly priority: AlarmPriority;
  readonly text: { readonly en: string; readonly de?: string };
  readonly acknowledge: boolean;
  /** 0: never */
  readonly shelveMsMax: number;
}

/** When a shelf ends: by the clock that never jumps, and for people. */
export interface Shelf {
  readonly untilMonotonicMs: number;
  readonly untilMs: number;
}

/** One alarm with its state, and what was seen and done when it came there. */
export class LiveAlarm {
  facts: AlarmFacts;
  alarm: Alarm = NORMAL;
  /** Unix milliseconds of the latest change of state; 0 before the first */
  sinceMs = 0;
  /** times it was raised since `field` started */
  raisedCount = 0;
  evidence = "";
  /** who acknowledged or shelved it, while it is so */
  by: string | undefined;
  shelf: Shelf | undefined;
  /** its rule says now that it is to be suppressed */
  suppressed = false;

  constructor(facts: AlarmFacts) {
    this.facts = facts;
  }

  get active(): boolean {
    return isActive(this.alarm);
  }

  /** Whether it waits for somebody's acknowledgement. */
  get waits(): boolean {
    return this.alarm.at === "raised" || this.alarm.at === "returned";
  }

  /** Steps on. @returns whether anything of it is another now */
  happen(happening: AlarmHappening): boolean {
    const manner = { acknowledge: this.facts.acknowledge, suppressed: this.suppressed };
    const after = step(this.alarm, happening, manner);
    if (after === this.alarm) return false;
    this.alarm = after;
    return true;
  }
}
