import type { AlarmPriority } from "./logic.ts";

/** Inputs and outputs of the gateway's own housing. The inputs are points of one Sparkplug device. */
export interface IoSnapshot {
  readonly device: string;
  readonly inputs: readonly IoInput[];
  /** energised or not by the alarms that stand; a gateway without power lets go of it */
  readonly relay?: IoRelay;
  readonly leds: readonly IoLed[];
}

export interface IoInput {
  readonly name: string;
  /** what it senses: `tamper` and `service-port` raise alarms of their own, `presence` is a person at the button */
  readonly role: "input" | "presence" | "tamper" | "service-port";
  /** a driver's name for the line, such as `gpio:17` or `carrier:eth1`; see `hal/digital-io.ts` */
  readonly line: string;
  /** true where the line is low */
  readonly invert: boolean;
  /** a level must last so long to count */
  readonly debounceMs: number;
}

export interface IoRelay {
  readonly line: string;
  /** energised while there is no alarm, so that a cut wire and a gateway without power are alarms, too */
  readonly failSafe: boolean;
  /** alarms of this priority and above */
  readonly priority: AlarmPriority;
  /** lets go once every alarm is acknowledged; otherwise once every one has returned */
  readonly untilAcknowledged: boolean;
}

export interface IoLed {
  /** a driver's name for it, such as `led:act` */
  readonly line: string;
  readonly shows: "running" | "alarm" | "uplink";
}
