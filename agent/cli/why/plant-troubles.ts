import type { AlarmsStatus } from "../../contract/alarms.ts";
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
    ...(io === undefined ? [] : ioTroubles(io)),
  ];
}

function outputsTroubles({ outputs, plan, hold, warnings }: OutputsStatus): readonly Trouble[] {
  const found: Trouble[] = [];
  if (plan !== undefined && plan.state !== "idle") {
    const { trigger = "", sinceMs, tookMs, worstCaseMs, open = [] } = plan;
    const code = plan.state === "incomplete" ? "PLAN_INCOMPLETE" : "PLAN_DUE";
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

const ALARM_CODES = { raised: "ALARM_RAISED", acknowledged: "ALARM_ACKNOWLEDGED", returned: "ALARM_RETURNED" } as const;

function alarmTroubles({ shown }: AlarmsStatus): readonly Trouble[] {
  return shown.flatMap(({ name, state, priority, text, evidence: seen, sinceMs, by }) => {
    if (state === "shelved" || state === "suppressed" || state === "normal") return [];
    // the gateway's own alarms have words of their own
    const code = state === "raised" && Object.hasOwn(CAUSES, name) ? name : ALARM_CODES[state];
    const evidence: Trouble["evidence"] = (say) => [
      say(EVIDENCE.alarm, { text: say({ en: text.en, de: text.de ?? text.en }), priority }),
      ...(seen === "" ? [] : [seen]),
      ...(by === undefined ? [] : [say(EVIDENCE.by, { by })]),
    ];
    return [{ ...trouble(name, code, state === "acknowledged" ? "yellow" : "red", evidence), sinceMs }];
  });
}

function ioTroubles({ inputs, relay }: IoStatus): readonly Trouble[] {
  const lines = [
    ...inputs.map(({ name, lastFault }) => ({ name, lastFault })),
    { name: "relay", lastFault: relay?.lastFault },
  ];
  return lines.flatMap(({ name, lastFault }) => {
    if (lastFault === undefined) return [];
    const { code, message, timeMs } = lastFault;
    return [{ ...trouble(name, code, "red", () => [message]), sinceMs: timeMs }];
  });
}
