import type { Clock } from "../../../hal/clock.ts";
import type { AlarmBoard } from "./board.ts";
import type { LiveAlarm } from "./live-alarm.ts";
import type { StoredAlarm } from "./stored.ts";
import type { SystemBoard } from "./system-board.ts";
import type { Alarm } from "./transition.ts";

/** Everything that is not normal, as it is stored. */
export function storedAlarms(board: AlarmBoard, system: SystemBoard): readonly StoredAlarm[] {
  const stored: StoredAlarm[] = [];
  for (const { alarm, facts, active, sinceMs, evidence, by, shelf } of board.all) {
    if (alarm.at === "normal") continue;
    const keys = system.keysOf(facts.name);
    stored.push({
      name: facts.name,
      at: alarm.at,
      active,
      sinceMs,
      evidence,
      ...(by === undefined ? {} : { by }),
      ...(shelf === undefined ? {} : { shelvedUntilMs: shelf.untilMs }),
      ...(keys.length === 0 ? {} : { keys }),
    });
  }
  return stored;
}

/** Puts an alarm back to where it was, as if nothing had happened to it. */
export function restoreAlarm(live: LiveAlarm, stored: StoredAlarm, clock: Clock): void {
  live.alarm = alarmOf(stored);
  live.sinceMs = stored.sinceMs;
  live.evidence = stored.evidence;
  live.by = stored.by;
  if (stored.at === "shelved") live.shelf = shelfOf(stored, live.facts.shelveMsMax, clock);
}

function alarmOf({ at, active }: StoredAlarm): Alarm {
  return at === "shelved" || at === "suppressed" ? { at, active } : { at };
}

/** No longer than the rest of its time, nor than it was asked for; with a clock that nobody vouches for, no longer at all. */
function shelfOf({ shelvedUntilMs = 0, sinceMs }: StoredAlarm, shelveMsMax: number, clock: Clock) {
  const { unixMs, trust } = clock.wall();
  const askedMs = Math.min(shelvedUntilMs - sinceMs, shelveMsMax);
  const leftMs = trust === "untrusted" ? 0 : Math.max(0, Math.min(shelvedUntilMs - unixMs, askedMs));
  return { untilMonotonicMs: clock.monotonicMs() + leftMs, untilMs: unixMs + leftMs };
}
