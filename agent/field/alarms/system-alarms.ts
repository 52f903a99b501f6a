import type { SystemAlarm } from "../../contract/alarms.ts";

/** How other parts of `field` raise the alarms of the gateway itself. */
export interface SystemAlarms {
  /**
   * Says that something is the case, or no longer. One alarm may stand for several keys at a time, such as buses; a new
   * key raises it again even where it was acknowledged.
   * @param evidence what was seen, where, since when: a sentence for a technician
   */
  set(alarm: SystemAlarm, key: string, active: boolean, evidence: string): void;
}
