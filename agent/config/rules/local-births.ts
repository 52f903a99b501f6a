import { ALARM_COUNTS, SYSTEM_ALARMS } from "../../contract/alarms.ts";
import { quote } from "../quote.ts";
import type { FieldSnapshot } from "../snapshot.ts";
import type { Inquiry } from "./inquiry.ts";
import { BIRTH_METRIC_BYTES } from "./size.ts";

/** The gateway's own sources have a birth each, too, and it is one packet. */
export function checkLocalBirths({ derived, alarms }: FieldSnapshot, packetBytesMax: number, inquiry: Inquiry): void {
  const judge = (device: string, path: readonly string[], metrics: readonly Metric[]): void => {
    const bytes = metrics.reduce((sum, { name, unit = "" }) => sum + BIRTH_METRIC_BYTES + name.length + unit.length, 0);
    if (bytes <= packetBytesMax) return;
    const message = `the birth of ${quote(device)} takes at least ${bytes} bytes, a packet holds ${packetBytesMax}`;
    const hint = "raise packetBytesMax as far as the brokers take it, shorten the names, or leave some out";
    inquiry.say("CONFIG_BIRTH_SIZE", path, message, hint, "key");
  };
  if (derived !== undefined) judge(derived.device, ["derived", "points"], derived.points);
  if (alarms === undefined) return;
  const own = [...Object.keys(SYSTEM_ALARMS), ...ALARM_COUNTS].map((name) => ({ name }));
  judge(alarms.device, ["alarms", "rules"], [...own, ...alarms.rules.map(({ name }) => ({ name }))]);
}

interface Metric {
  readonly name: string;
  readonly unit?: string;
}
