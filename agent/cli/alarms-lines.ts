import type { AlarmStatus, AlarmsStatus } from "../contract/alarms.ts";
import { paintFor } from "./paint.ts";
import type { Paint } from "./paint.ts";
import { visible } from "./telemetry/visible.ts";

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
): readonly string[] {
  const paint = paintFor(isTty);
  if (shown.length === 0)
    return [total === 0 ? "no alarms are configured, and none stands" : `all ${total} alarms are normal`];
  const standing = Object.entries(counts).filter(([, count]) => count > 0);
  const sum = standing.reduce((all, [, count]) => all + count, 0);
  return [
    `${standing.map(([state, count]) => `${count} ${state}`).join(", ")}; ${total} in all`,
    ...shown.flatMap((alarm) => alarmLines(alarm, paint)),
    ...(sum > shown.length ? [`and ${sum - shown.length} more, less urgent`] : []),
  ];
}

function alarmLines(alarm: AlarmStatus, paint: Paint): readonly string[] {
  const { name, state, priority, text, evidence, sinceMs, by, shelvedUntilMs, active } = alarm;
  const covered = (state === "shelved" || state === "suppressed") && active ? ", its condition holds" : "";
  const until = shelvedUntilMs === undefined ? "" : ` until ${when(shelvedUntilMs)}`;
  const who = by === undefined ? "" : ` by ${visible(by)}`;
  return [
    `${paint(COLOUR[state], state.toUpperCase())} ${paint("bold", name)} (${priority}): ${visible(text.en)}`,
    `${MARGIN}since ${when(sinceMs)}${who}${until}${covered}`,
    ...(evidence === "" ? [] : [`${MARGIN}${paint("dim", visible(evidence))}`]),
  ];
}

function when(unixMs: number): string {
  return new Date(unixMs).toISOString().replace(/\.\d+Z$/u, "Z");
}
