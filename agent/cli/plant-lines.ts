import type { AlarmsStatus } from "../contract/alarms.ts";
import type { IoStatus } from "../contract/io.ts";
import type { OutputsStatus, PlanStatus } from "../contract/outputs.ts";
import type { Paint } from "./paint.ts";
import type { Say } from "./words/phrase.ts";
import { STATUS } from "./words/status-words.ts";

const MARGIN = " ".repeat(10);
/** The rest is what `holdfast alarms` is for. */
const ALARMS_SHOWN_MAX = 5;
const ALARM_COLOURS = { raised: "red", returned: "yellow", acknowledged: "yellow" } as const;

/** Whether commands may write, and what the fail-safe plan is at. */
export function outputLines(
  { outputs, plan, hold, warnings }: OutputsStatus,
  say: Say,
  paint: Paint,
): readonly string[] {
  const busy = outputs.filter(({ state }) => state !== "free").length;
  const who =
    hold === undefined
      ? busy === 0
        ? paint("green", say(STATUS.outputsFree))
        : paint("red", say(STATUS.outputsSome, { count: busy }))
      : paint("red", say(STATUS.outputsHeld, { by: hold.by, reason: hold.reason }));
  const warned = new Set(warnings.map(({ device }) => device)).size;
  const parts = [who, ...(plan === undefined ? [] : [planText(plan, say, paint)])];
  return [
    `outputs   ${parts.join("  ")}`,
    ...(warned === 0 ? [] : [`${MARGIN}${paint("yellow", say(STATUS.outputWarnings, { count: warned }))}`]),
  ];
}

function planText(
  { state, trigger = "", worstCaseMs, tookMs = 0, open = [] }: PlanStatus,
  say: Say,
  paint: Paint,
): string {
  const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
  switch (state) {
    case "idle":
      return paint("dim", say(STATUS.planIdle, { seconds: seconds(worstCaseMs) }));
    case "running":
      return paint("red", say(STATUS.planRunning, { trigger }));
    case "done":
      return paint("red", say(STATUS.planDone, { seconds: seconds(tookMs), trigger }));
    case "incomplete":
      return paint("red", say(STATUS.planIncomplete, { trigger, open: open.length }));
  }
}

/** How many alarms stand, and the most urgent of them. */
export function alarmLines({ total, counts, shown }: AlarmsStatus, say: Say, paint: Paint): readonly string[] {
  const standing = shown.flatMap(({ state, ...alarm }) =>
    state === "raised" || state === "returned" || state === "acknowledged" ? [{ state, ...alarm }] : [],
  );
  const any = Object.values(counts).some((count) => count > 0);
  const head = any ? say(STATUS.alarmCounts, { ...counts, total }) : paint("dim", say(STATUS.alarmsNone));
  const left = counts.raised + counts.acknowledged + counts.returned - Math.min(standing.length, ALARMS_SHOWN_MAX);
  return [
    `alarms    ${head}`,
    ...standing.slice(0, ALARMS_SHOWN_MAX).map(({ name, state, priority, text, evidence }) => {
      const words = say({ en: text.en, de: text.de ?? text.en });
      return `${MARGIN}${paint(ALARM_COLOURS[state], `${state} ${name}`)} ${priority}  ${words}  ${paint("dim", evidence)}`.trimEnd();
    }),
    ...(left > 0 ? [`${MARGIN}${say(STATUS.alarmsMore, { count: left })}`] : []),
  ];
}

function relayText({ alarm, lastFault }: NonNullable<IoStatus["relay"]>, say: Say, paint: Paint): string {
  if (lastFault !== undefined) return `${paint("red", say(STATUS.relayFailed))} ${lastFault.code}`;
  return alarm ? paint("red", say(STATUS.relayAlarm)) : paint("dim", say(STATUS.relayQuiet));
}

/** Inputs and relay of the housing. */
export function ioLines({ inputs, relay }: IoStatus, say: Say, paint: Paint): readonly string[] {
  const said = inputs.map(({ name, value }) =>
    value === null ? paint("red", `${name} ${say(STATUS.unreadable)}`) : `${name} ${value ? "1" : "0"}`,
  );
  const coil = relay === undefined ? [] : [relayText(relay, say, paint)];
  const parts = [...said, ...coil];
  return parts.length === 0 ? [] : [`io        ${parts.join("  ")}`];
}
