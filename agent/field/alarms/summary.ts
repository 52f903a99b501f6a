import { ALARMS_SHOWN_MAX } from "../../contract/alarms.ts";
import type { AlarmStatus, AlarmsStatus } from "../../contract/alarms.ts";
import { ALARM_PRIORITIES } from "../../config/snapshot/logic.ts";
import type { LiveAlarm } from "./live-alarm.ts";
import type { StandingAlarm } from "./standing.ts";

/** From what has to be looked at first to what somebody has decided about already. */
const ORDER = ["raised", "returned", "acknowledged", "shelved", "suppressed", "normal"] as const;

/** What `status` says of all alarms. @param unknown why one cannot be judged now, by its name */
export function alarmsStatus(alarms: Iterable<LiveAlarm>, unknown: (name: string) => string | undefined): AlarmsStatus {
  const all = [...alarms];
  const counts = { raised: 0, acknowledged: 0, returned: 0, shelved: 0, suppressed: 0 };
  for (const { alarm } of all) if (alarm.at !== "normal") counts[alarm.at]++;
  const shown = all
    .filter(({ alarm }) => alarm.at !== "normal")
    .toSorted((a, b) => rank(a) - rank(b) || b.sinceMs - a.sinceMs)
    .slice(0, ALARMS_SHOWN_MAX);
  return { total: all.length, counts, shown: shown.map((alarm) => alarmStatus(alarm, unknown)) };
}

/** How many stand, and how many of all wait for somebody. */
export function alarmCounts(alarms: Iterable<LiveAlarm>): { readonly raised: number; readonly unacknowledged: number } {
  let raised = 0;
  let unacknowledged = 0;
  for (const { alarm, waits } of alarms) {
    if (alarm.at === "raised" || alarm.at === "acknowledged") raised++;
    if (waits) unacknowledged++;
  }
  return { raised, unacknowledged };
}

export function standingAlarms(alarms: Iterable<LiveAlarm>): readonly StandingAlarm[] {
  const standing: StandingAlarm[] = [];
  for (const { alarm, facts, active, waits } of alarms)
    if (alarm.at === "raised" || alarm.at === "acknowledged" || alarm.at === "returned")
      standing.push({ priority: facts.priority, active, acknowledged: !waits });
  return standing;
}

function rank({ alarm, facts }: LiveAlarm): number {
  return ORDER.indexOf(alarm.at) * ALARM_PRIORITIES.length + ALARM_PRIORITIES.indexOf(facts.priority);
}

function alarmStatus(live: LiveAlarm, unknown: (name: string) => string | undefined): AlarmStatus {
  const { facts, alarm, active, evidence, sinceMs, raisedCount, by, shelf } = live;
  const now = unknown(facts.name);
  return {
    name: facts.name,
    priority: facts.priority,
    state: alarm.at,
    active,
    text: { ...facts.text },
    evidence: now === undefined ? evidence : `${evidence} (now: ${now})`.slice(0, EVIDENCE_CHARS_MAX),
    sinceMs,
    raisedCount,
    ...(by === undefined ? {} : { by }),
    ...(shelf === undefined ? {} : { shelvedUntilMs: shelf.untilMs }),
  };
}

/** As the contract has it. */
const EVIDENCE_CHARS_MAX = 512;
