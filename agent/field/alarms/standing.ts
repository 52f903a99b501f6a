import type { AlarmPriority } from "../../config/snapshot/logic.ts";

/** One alarm that is not normal, and neither shelved nor suppressed. */
export interface StandingAlarm {
  readonly priority: AlarmPriority;
  /** its condition still holds; otherwise it has returned and waits for somebody */
  readonly active: boolean;
  readonly acknowledged: boolean;
}

/** Which alarms stand, for what shows them without words: a relay, a lamp. */
export interface StandingAlarms {
  /** Called at once with what stands now, and again whenever that is something else, until it is disposed. */
  watch(listener: (standing: readonly StandingAlarm[]) => void): Disposable;
}
