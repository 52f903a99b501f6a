import { parseArgs } from "node:util";
import { askKeeper, ControlError } from "../control-client.ts";
import { EXIT_DONE, EXIT_FAILED, misused, refuse } from "../io.ts";
import type { CommandIo } from "../io.ts";
import { paintFor } from "../paint.ts";
import type { StatusParts } from "../status.ts";
import { causeOf } from "../words/causes.ts";
import { languageOf } from "../words/language.ts";
import { LANGUAGES, speaker } from "../words/phrase.ts";
import type { Say } from "../words/phrase.ts";
import { WHY } from "../words/why-words.ts";
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
    const all = troublesOf(reply.status);
    const [subject] = positionals;
    const asked = subject === undefined ? all : about(all, subject);
    if (values.json) io.out(`${JSON.stringify(asked.map((one) => asJson(one, say)))}\n`);
    else io.out(`${text(asked, all, subject, say, io).join("\n")}\n`);
    return asked.some(({ severity }) => severity === "red") ? EXIT_FAILED : EXIT_DONE;
  } catch (error) {
    if (error instanceof ControlError) return refuse(io, error.code, error.message);
    throw error;
  }
}

/** What has this name, and what is part of it: a device's points belong to the device. */
function about(all: readonly Trouble[], subject: string): readonly Trouble[] {
  return all.filter((one) => one.subject === subject || one.subject.startsWith(`${subject}/`));
}

function text(
  asked: readonly Trouble[],
  all: readonly Trouble[],
  subject: string | undefined,
  say: Say,
  io: CommandIo,
): readonly string[] {
  const paint = paintFor(io.isTty);
  if (asked.length > 0) return asked.flatMap((one, i) => [...(i === 0 ? [] : [""]), ...troubleLines(one, say, paint)]);
  if (subject === undefined) return [say(WHY.allWell)];
  const subjects = [...new Set(all.map((one) => one.subject))].join(", ");
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
    next: steps.map((step) => say(step)),
  };
}
