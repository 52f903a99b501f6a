import { parseArgs } from "node:util";
import type { Clock } from "../../hal/clock.ts";
import { ALARM_ACTIONS } from "../contract/alarms.ts";
import type { AlarmAction, AlarmsStatus } from "../contract/alarms.ts";
import type { Dialer } from "../contract/door.ts";
import { alarmsLines } from "./alarms-lines.ts";
import { askKeeper, ControlError } from "./control-client.ts";
import { durationMs } from "./duration.ts";
import { EXIT_DONE, misused, refuse } from "./io.ts";
import type { CommandIo } from "./io.ts";
import { ALARMS } from "./words/alarm-words.ts";
import { languageOf } from "./words/language.ts";
import { LANGUAGES, speaker } from "./words/phrase.ts";
import type { Say } from "./words/phrase.ts";

/** What a reason may be long; the alarm keeps less of it. */
const TEXT_CHARS_MAX = 512;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u;

export interface AlarmsParts {
  readonly clock: Clock;
  readonly dialControl: (path: string) => Dialer;
  readonly defaultControlPath: string;
  /** LC_ALL, LC_MESSAGES and LANG choose the language where nobody says */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** who types this, as far as the machine knows: `anna (uid 0)` */
  readonly who: string;
}

interface Options {
  readonly json: boolean;
  readonly all: boolean;
  readonly for?: string | undefined;
  readonly reason: string;
  readonly control: string;
}

/** `holdfast alarms [--json]`, `holdfast alarms acknowledge NAME|--all`, `… shelve NAME --for 2h --reason TEXT`, `… unshelve NAME`. */
export async function alarmsCommand(args: readonly string[], parts: AlarmsParts, io: CommandIo): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        lang: { type: "string" },
        all: { type: "boolean", default: false },
        for: { type: "string" },
        reason: { type: "string", default: "" },
        control: { type: "string", default: parts.defaultControlPath },
      },
    });
  } catch (error) {
    return misused(io, error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  const language = languageOf(values.lang, parts.env);
  if (language === undefined) return misused(io, `no language "${values.lang}", there are ${LANGUAGES.join(", ")}`);
  const say = speaker(language);
  const order = positionals.length === 0 ? undefined : orderOf(positionals, values, parts.who);
  if (typeof order === "string") return misused(io, order);
  const link = { clock: parts.clock, dialer: parts.dialControl(values.control) };
  try {
    return order === undefined ? await list(link, values.json, say, io) : await send(link, order, values.json, say, io);
  } catch (error) {
    if (error instanceof ControlError) return refuse(io, error.code, error.message);
    throw error;
  }
}

interface Order {
  readonly action: AlarmAction;
  /** empty: all */
  readonly alarm: string;
  readonly forMs?: number;
  readonly by: string;
  readonly reason: string;
}

/** What is asked of which alarm; a text where it makes no sense. */
function orderOf([word, name, ...more]: readonly string[], options: Options, by: string): Order | string {
  const action = ALARM_ACTIONS.find((one) => one === word);
  const { all, reason } = options;
  if (action === undefined) return `alarms knows ${ALARM_ACTIONS.join(", ")}, not ${word}`;
  if (more.length > 0) return `alarms ${action} wants one NAME`;
  if (all && action !== "acknowledge") return `--all is for acknowledge: name the alarm to ${action}`;
  if ((name === undefined) !== all)
    return `alarms ${action} wants a NAME${action === "acknowledge" ? ", or --all" : ""}`;
  if (name !== undefined && !NAME.test(name)) return `${JSON.stringify(name)} is no name of an alarm`;
  if (reason.length > TEXT_CHARS_MAX) return `a reason of more than ${TEXT_CHARS_MAX} characters`;
  const order = { action, alarm: name ?? "", by, reason };
  if (action !== "shelve") return options.for === undefined ? order : "--for is for shelve";
  const forMs = durationMs(options.for ?? "");
  if (forMs === undefined) return "alarms shelve wants --for with a time such as 90s, 30m, 2h or 1d";
  return { ...order, forMs };
}

type Link = Parameters<typeof askKeeper>[0];

async function list(link: Link, json: boolean, say: Say, io: CommandIo): Promise<number> {
  const reply = await askKeeper(link, { kind: "status-query", points: false }, 0);
  if (reply.kind !== "gateway-status") return refuse(io, "CONTROL_NO_REPLY", "keeper answered another question");
  const { field } = reply.status;
  if (field === null)
    return refuse(io, "FIELD_AWAY", "field does not answer: it is being started again; ask again in a moment");
  const alarms = field.alarms ?? NONE;
  io.out(json ? `${JSON.stringify(alarms)}\n` : `${alarmsLines(alarms, io, say).join("\n")}\n`);
  return EXIT_DONE;
}

const NONE: AlarmsStatus = {
  total: 0,
  counts: { raised: 0, acknowledged: 0, returned: 0, shelved: 0, suppressed: 0 },
  shown: [],
};

async function send(link: Link, order: Order, json: boolean, say: Say, io: CommandIo): Promise<number> {
  const reply = await askKeeper(link, { kind: "alarm", ...order }, 0);
  if (reply.kind !== "done") return refuse(io, "CONTROL_NO_REPLY", "keeper answered another question");
  if (json) io.out(`${JSON.stringify({ action: order.action, alarm: order.alarm, refused: reply.refused ?? null })}\n`);
  if (reply.refused !== undefined) return refuse(io, reply.refused.code, reply.refused.message);
  const alarm = order.alarm === "" ? say(ALARMS.allThatWaited) : order.alarm;
  if (!json) io.out(`${say(ALARMS[order.action], { alarm })}\n`);
  return EXIT_DONE;
}
