import type { AlarmsStatus } from "../../contract/alarms.ts";
import type { Fault } from "../../contract/fault.ts";
import type { IoStatus } from "../../contract/io.ts";
import type { OutputsStatus, OutputStatus } from "../../contract/outputs.ts";
import type { FieldStatus } from "../../contract/status.ts";
import { EVIDENCE } from "../words/evidence.ts";
import { CAUSES } from "../words/causes.ts";
import { since, trouble } from "./field-troubles.ts";
import type { Trouble } from "./trouble.ts";

/** What is wrong with outputs, alarms and the housing. */
export function plantTroubles({ outputs, alarms, io }: FieldStatus): readonly Trouble[] {
  return [
    ...(outputs === undefined ? [] : outputsTroubles(outputs)),
    ...(alarms === undefined ? [] : alarmTroubles(alarms)),
    ...(io === undefined ? [] : ioTroubles(io, alarms)),
  ];
}

function outputsTroubles({ outputs, plan, hold, warnings }: OutputsStatus): readonly Trouble[] {
  const found: Trouble[] = [];
  const code = plan === undefined ? undefined : PLAN_CODES[plan.state];
  if (plan !== undefined && code !== undefined) {
    const { trigger = "", sinceMs, tookMs, worstCaseMs, open = [] } = plan;
    const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
    found.push({
      ...trouble("plan", code, "red", (say) => [
        say(EVIDENCE.trigger, { trigger }),
        ...(tookMs === undefined
          ? []
          : [say(EVIDENCE.took, { seconds: seconds(tookMs), worst: seconds(worstCaseMs) })]),
        ...open.map(({ output, message }) => say(EVIDENCE.open, { output, message })),
      ]),
      ...since(sinceMs),
    });
  }
  if (hold !== undefined) {
    const { by, reason, sinceMs, outputs: held } = hold;
    const evidence: Trouble["evidence"] = (say) => [
      say(EVIDENCE.heldBy, { by, reason }),
      held.length === 0 ? say(EVIDENCE.allOutputs) : say(EVIDENCE.heldOutputs, { outputs: held.join(", ") }),
    ];
    found.push({ ...trouble("outputs", "OUTPUTS_HELD", "red", evidence), sinceMs });
  } else if (code === undefined) {
    // a hold or a plan that is over, and left outputs that wait for a release
    const busy = outputs.filter(({ state }) => state !== "free").map(({ output }) => output);
    const evidence: Trouble["evidence"] = (say) => [say(EVIDENCE.heldOutputs, { outputs: busy.join(", ") })];
    if (busy.length > 0) found.push(trouble("outputs", "OUTPUTS_HELD", "red", evidence));
  }
  for (const { device, message } of warnings) {
    found.push(trouble(device, "NO_COMMUNICATION_LOSS_TIMER", "yellow", () => [message]));
  }
  return [...found, ...outputs.flatMap(refusals)];
}

/** What a hold or the plan refuses is said once, there. */
function refusals({ output, state, refused = [] }: OutputStatus): readonly Trouble[] {
  if (state !== "free" || refused.length === 0) return [];
  return [trouble(output, "WRITE_REFUSED", "yellow", () => refused.map(({ code, message }) => `${code}: ${message}`))];
}

const PLAN_CODES = {
  idle: undefined,
  running: "PLAN_RUNNING",
  done: "PLAN_DUE",
  incomplete: "PLAN_INCOMPLETE",
} as const;

const ALARM_CODES = { raised: "ALARM_RAISED", acknowledged: "ALARM_ACKNOWLEDGED", returned: "ALARM_RETURNED" } as const;

function alarmTroubles({ shown }: AlarmsStatus): readonly Trouble[] {
  return shown.flatMap(({ name, state, priority, text, evidence: seen, sinceMs, by }) => {
    if (state === "shelved" || state === "suppressed" || state === "normal") return [];
    // the gateway's own alarms have words of their own
    const own = SAME_AS[name] ?? name;
    const code = state === "raised" && Object.hasOwn(CAUSES, own) ? own : ALARM_CODES[state];
    const evidence: Trouble["evidence"] = (say) => [
      say(EVIDENCE.alarm, { text: say({ en: text.en, de: text.de ?? text.en }), priority }),
      ...(seen === "" ? [] : [seen]),
      ...(by === undefined ? [] : [say(EVIDENCE.by, { by })]),
    ];
    return [{ ...trouble(name, code, state === "raised" ? "red" : "yellow", evidence), sinceMs }];
  });
}

/** Alarms of the gateway itself that a trouble of another name explains. */
const SAME_AS: Readonly<Record<string, string | undefined>> = {
  "plan-due": "PLAN_DUE",
  "plan-incomplete": "PLAN_INCOMPLETE",
  "outputs-held": "OUTPUTS_HELD",
  "no-communication-loss-timer": "NO_COMMUNICATION_LOSS_TIMER",
};

function ioTroubles({ inputs, relay }: IoStatus, alarms: AlarmsStatus | undefined): readonly Trouble[] {
  // an input keeps its latest fault after it can be read again
  const dead = inputs.filter(({ value }) => value === null).map(({ name, lastFault }) => lineTrouble(name, lastFault));
  if (relay?.lastFault !== undefined) return [...dead, lineTrouble("relay", relay.lastFault)];
  if (relay?.alarm !== true) return dead;
  const standing = (alarms?.shown ?? []).filter(({ state }) => Object.hasOwn(ALARM_CODES, state));
  const names = standing.slice(0, NAMES_MAX).map(({ name }) => name);
  return [
    ...dead,
    trouble("relay", "RELAY_ALARM", "red", (say) => [say(EVIDENCE.standing, { alarms: names.join(", ") })]),
  ];
}

/** The rest is what `holdfast alarms` is for. */
const NAMES_MAX = 5;

function lineTrouble(name: string, lastFault: Fault | undefined): Trouble {
  const { code = "LINE_UNREAD", message } = lastFault ?? {};
  const evidence = message === undefined ? [] : [message];
  return { ...trouble(name, code, "red", () => evidence), ...since(lastFault?.timeMs) };
}
