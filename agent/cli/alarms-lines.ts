import type { AlarmStatus, AlarmsStatus } from "../contract/alarms.ts";
import { isoTime } from "./iso-time.ts";
import { paintFor } from "./paint.ts";
import type { Paint } from "./paint.ts";
import { visible } from "./telemetry/visible.ts";
import { ALARMS } from "./words/alarm-words.ts";
import { speaker } from "./words/phrase.ts";
import type { Say } from "./words/phrase.ts";

const COLOUR = {
  raised: "red",
  returned: "yellow",
  acknowledged: "yellow",
  shelved: "cyan",
  suppressed: "dim",
  normal: "green",
} as const;
const MARGIN = "  ";

/** Every alarm that is not normal, the most urgent first: what, since when, what was seen, who did what. */
export function alarmsLines(
  { total, counts, shown }: AlarmsStatus,
  { isTty }: { readonly isTty: boolean },
  say: Say = speaker("en"),
): readonly string[] {
  const paint = paintFor(isTty);
  if (shown.length === 0) return [say(total === 0 ? ALARMS.none : ALARMS.allNormal, { total })];
  const standing = Object.entries(counts).filter(([, count]) => count > 0);
  const sum = standing.reduce((all, [, count]) => all + count, 0);
  return [
    say(ALARMS.total, { standing: standing.map(([state, count]) => `${count} ${state}`).join(", "), total }),
    ...shown.flatMap((alarm) => alarmLines(alarm, say, paint)),
    ...(sum > shown.length ? [say(ALARMS.more, { count: sum - shown.length })] : []),
  ];
}

function alarmLines(alarm: AlarmStatus, say: Say, paint: Paint): readonly string[] {
  const { name, state, priority, text, evidence, sinceMs, by, shelvedUntilMs, active } = alarm;
  const covered = (state === "shelved" || state === "suppressed") && active ? say(ALARMS.covered) : "";
  const until = shelvedUntilMs === undefined ? "" : say(ALARMS.until, { time: isoTime(shelvedUntilMs, say) });
  const who = by === undefined ? "" : say(ALARMS.by, { by: visible(by) });
  return [
    `${paint(COLOUR[state], state.toUpperCase())} ${paint("bold", name)} (${priority}): ${visible(say({ en: text.en, de: text.de ?? text.en }))}`,
    `${MARGIN}${say(ALARMS.since, { time: isoTime(sinceMs, say) })}${who}${until}${covered}`,
    ...(evidence === "" ? [] : [`${MARGIN}${paint("dim", visible(evidence))}`]),
  ];
}
