import type { PointRef } from "../../config/snapshot/expression.ts";
import type { SystemAlarm } from "../../contract/alarms.ts";
import type { OutputsStatus } from "../../contract/outputs.ts";
import type { SystemAlarms } from "../alarms/system-alarms.ts";
import { heldBy } from "./standing-refusals.ts";
import type { OutputsState } from "./state.ts";

/** Raises and ends the alarms of the outputs, on change alone. */
export class Announcer {
  readonly #alarms: SystemAlarms;
  /** by alarm, key and evidence */
  readonly #active = new Map<SystemAlarm, ReadonlyMap<string, string>>();

  constructor(alarms: SystemAlarms) {
    this.#alarms = alarms;
  }

  announce(
    state: OutputsState,
    failures: ReadonlyMap<PointRef, string>,
    lossTimers: readonly OutputsStatus["warnings"][number][],
  ): void {
    const planned = Object.keys(state.planned).length > 0;
    this.#say("outputs-held", one("outputs", heldBy(state)));
    this.#say("plan-due", one("plan", planned ? `due by ${state.due?.cause ?? "operator"}` : undefined));
    this.#say("plan-incomplete", failures);
    const timers = lossTimers.map(({ device, message }) => [device, message] as const);
    this.#say("no-communication-loss-timer", new Map(timers));
  }

  /** What an alarm stands for now: key and evidence. A key that is missing is over. */
  #say(alarm: SystemAlarm, now: ReadonlyMap<string, string>): void {
    const before = this.#active.get(alarm) ?? new Map<string, string>();
    this.#active.set(alarm, new Map(now));
    for (const [key, evidence] of now) {
      if (before.get(key) !== evidence) this.#alarms.set(alarm, key, true, evidence);
    }
    for (const key of before.keys()) if (!now.has(key)) this.#alarms.set(alarm, key, false, "over");
  }
}

function one(key: string, evidence: string | undefined): ReadonlyMap<string, string> {
  return new Map(evidence === undefined ? [] : [[key, evidence]]);
}
