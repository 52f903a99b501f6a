import { ALARM_COUNTS, SYSTEM_ALARMS } from "../../contract/alarms.ts";
import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import { quote } from "../quote.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { Alarms } from "../schema/alarms.ts";
import { Derived } from "../schema/derived.ts";
import { Io } from "../schema/io.ts";
import type { Inquiry } from "./inquiry.ts";

export type TakeName = (name: string | undefined, path: Path) => void;

/**
 * Names of the gateway's own sources and of what is in them.
 * @param sources takes the name of a source: they are unique together with those of devices
 * @param fresh a set of names of its own
 */
export function checkLocalNames(
  file: Loose<GatewayFile>,
  sources: TakeName,
  fresh: (what: string) => TakeName,
  inquiry: Inquiry,
): void {
  const { derived, alarms, io } = file;
  if (io !== undefined) sources(io.device ?? defaultOf(Io.properties.device), ["io", "device"]);
  if (derived !== undefined) {
    sources(derived.device ?? defaultOf(Derived.properties.device), ["derived", "device"]);
    const names = fresh("derived point");
    for (const [p, point] of (derived.points ?? []).entries()) names(point?.name, ["derived", "points", p, "name"]);
  }
  if (alarms === undefined) return;
  sources(alarms.device ?? defaultOf(Alarms.properties.device), ["alarms", "device"]);
  const names = fresh("alarm");
  for (const [r, rule] of (alarms.rules ?? []).entries()) {
    const path = ["alarms", "rules", r, "name"];
    names(rule?.name, path);
    if (rule?.name === undefined || !TAKEN.has(rule.name.toLowerCase())) continue;
    const message = `${quote(rule.name)} is a metric of the gateway's own among the alarms`;
    inquiry.say("CONFIG_NAME_DUPLICATE", path, message, `write another name, such as ${quote(`${rule.name}-2`)}`);
  }
}

const TAKEN: ReadonlySet<string> = new Set([...Object.keys(SYSTEM_ALARMS), ...ALARM_COUNTS]);
