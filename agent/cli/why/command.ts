import { parseArgs } from "node:util";
import { nearest } from "../../config/hints/nearest.ts";
import type { GatewayStatus } from "../../contract/status.ts";
import { askKeeper, ControlError } from "../control-client.ts";
import { EXIT_DONE, EXIT_FAILED, misused, refuse } from "../io.ts";
import type { CommandIo } from "../io.ts";
import { fold } from "../fold.ts";
import { paintFor } from "../paint.ts";
import type { StatusParts } from "../status.ts";
import { visible, visibleJson } from "../telemetry/visible.ts";
import { visibleStatus } from "../visible-status.ts";
import { causeOf } from "../words/causes.ts";
import { languageOf } from "../words/language.ts";
import { LANGUAGES, speaker } from "../words/phrase.ts";
import type { Say } from "../words/phrase.ts";
import { WHY } from "../words/why-words.ts";
import { about, namesOf } from "./about.ts";
import { troubleLines } from "./lines.ts";
import type { Trouble } from "./trouble.ts";
import { troublesOf } from "./troubles.ts";

/**
 * `holdfast why [WHAT] [--lang en|de] [--json] [--control=PATH]`: each thing that is wrong, the evidence and the next
 * step. Exits 1 where something red is left.
 */
export async function whyCommand(args: readonly string[], parts: StatusParts, io: CommandIo): Promise<number> {
  let given;
  try {
    given = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        lang: { type: "string" },
        json: { type: "boolean", default: false },
        control: { type: "string", default: parts.defaultControlPath },
      },
    });
  } catch (error) {
    return misused(io, error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = given;
  if (positionals.length > 1) return misused(io, "why wants one name, or none for everything");
  const language = languageOf(values.lang, parts.env);
  if (language === undefined) return misused(io, `no language "${values.lang}", there are ${LANGUAGES.join(", ")}`);
  const say = speaker(language);
  try {
    const request = { kind: "status-query", points: true } as const;
    const reply = await askKeeper({ clock: parts.clock, dialer: parts.dialControl(values.control) }, request, 0);
    if (reply.kind !== "gateway-status") return refuse(io, "CONTROL_NO_REPLY", "keeper answered another question");
    const status = values.json ? reply.status : visibleStatus(reply.status);
    const all = troublesOf(status);
    const [subject] = positionals;
    const asked = subject === undefined ? all : about(status, all, subject);
    if (asked === undefined) return refuse(io, "WHY_NAME_UNKNOWN", unknown(subject ?? "", status, all, say));
    if (values.json) io.out(`${visibleJson(asked.map((one) => asJson(one, say)))}\n`);
    else io.out(`${text(asked, all, subject, say, io).join("\n")}\n`);
    return asked.some(({ severity }) => severity === "red") ? EXIT_FAILED : EXIT_DONE;
  } catch (error) {
    if (error instanceof ControlError) return refuse(io, error.code, error.message);
    throw error;
  }
}

/** A name that nothing has is no good news about it. */
function unknown(name: string, status: GatewayStatus, all: readonly Trouble[], say: Say): string {
  const offered = visible(name);
  const near = nearest(offered, namesOf(status));
  const subjects = subjectsOf(all);
  return [
    say(WHY.unknown, { name: offered }),
    ...(near === undefined ? [] : [say(WHY.near, { name: near })]),
    ...(subjects === "" ? [] : [say(WHY.known, { subjects })]),
  ].join("; ");
}

function subjectsOf(all: readonly Trouble[]): string {
  const subjects = [...new Set(all.map(({ subject }) => subject))];
  const left = subjects.length - SUBJECTS_SHOWN_MAX;
  return [...subjects.slice(0, SUBJECTS_SHOWN_MAX), ...(left > 0 ? [`+${left}`] : [])].join(", ");
}

/** More names than these are read by nobody. */
const SUBJECTS_SHOWN_MAX = 20;

function text(
  asked: readonly Trouble[],
  all: readonly Trouble[],
  subject: string | undefined,
  say: Say,
  io: CommandIo,
): readonly string[] {
  const paint = paintFor(io.isTty);
  if (asked.length > 0) {
    const lines = asked.flatMap((one, i) => [...(i === 0 ? [] : [""]), ...troubleLines(one, say, paint)]);
    return io.isTty ? lines.flatMap((line) => fold(line, io.columns)) : lines;
  }
  if (subject === undefined) return [say(WHY.allWell)];
  const subjects = subjectsOf(all);
  return [say(WHY.nothingOf, { subject }), ...(subjects === "" ? [] : [say(WHY.known, { subjects })])];
}

function asJson(one: Trouble, say: Say): object {
  const { title, steps } = causeOf(one.code);
  const { subject, code, severity, sinceMs } = one;
  return {
    subject,
    code,
    severity,
    ...(sinceMs === undefined ? {} : { sinceMs }),
    title: say(title),
    evidence: one.evidence(say),
    next: steps.map((step) => say(step, { subject })),
  };
}
