import { parseArgs } from "node:util";
import type { Clock } from "../../hal/clock.ts";
import { OUTPUT_ACTIONS, OUTPUTS_MAX, POINT_REF_CHARS_MAX } from "../contract/outputs.ts";
import type { OutputAction, OutputsStatus } from "../contract/outputs.ts";
import type { Dialer } from "../contract/door.ts";
import { askKeeper, ControlError } from "./control-client.ts";
import { EXIT_DONE, misused, refuse } from "./io.ts";
import type { CommandIo } from "./io.ts";
import { outputsLines } from "./outputs-lines.ts";
import { languageOf } from "./words/language.ts";
import { OUTPUTS } from "./words/output-words.ts";
import { LANGUAGES, speaker } from "./words/phrase.ts";
import type { Say } from "./words/phrase.ts";

/** What a reason and a name may be long. */
const TEXT_CHARS_MAX = 512;

export interface OutputsParts {
  readonly clock: Clock;
  readonly dialControl: (path: string) => Dialer;
  readonly defaultControlPath: string;
  /** LC_ALL, LC_MESSAGES and LANG choose the language where nobody says */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** who types this, as far as the machine knows: `anna (uid 0)` */
  readonly who: string;
}

/** `holdfast outputs [--json]`, `holdfast outputs hold|to-plan|release [OUTPUT…] [--reason TEXT]`. */
export async function outputsCommand(args: readonly string[], parts: OutputsParts, io: CommandIo): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        lang: { type: "string" },
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
  const [word, ...outputs] = positionals;
  const action = OUTPUT_ACTIONS.find((one) => one === word);
  if (word !== undefined && action === undefined)
    return misused(io, `outputs knows ${OUTPUT_ACTIONS.join(", ")}, not ${word}`);
  if (values.reason.length > TEXT_CHARS_MAX) return misused(io, `a reason of more than ${TEXT_CHARS_MAX} characters`);
  const wrong = outputs.find((ref) => !/^[^/]+\/[^/]+$/u.test(ref) || ref.length > POINT_REF_CHARS_MAX);
  if (wrong !== undefined) return misused(io, `${JSON.stringify(wrong)} is no output: DEVICE/POINT is wanted`);
  if (outputs.length > OUTPUTS_MAX) return misused(io, `${outputs.length} outputs; without any, all are meant`);
  const link = { clock: parts.clock, dialer: parts.dialControl(values.control) };
  try {
    return action === undefined
      ? await list(link, values.json, say, io)
      : await order(link, { action, outputs, reason: values.reason, by: parts.who }, values.json, say, io);
  } catch (error) {
    if (error instanceof ControlError) return refuse(io, error.code, error.message);
    throw error;
  }
}

type Link = Parameters<typeof askKeeper>[0];

async function list(link: Link, json: boolean, say: Say, io: CommandIo): Promise<number> {
  const reply = await askKeeper(link, { kind: "status-query", points: false }, 0);
  if (reply.kind !== "gateway-status") return refuse(io, "CONTROL_NO_REPLY", "keeper answered another question");
  const { field } = reply.status;
  if (field === null)
    return refuse(io, "FIELD_AWAY", "field does not answer: it is being started again; ask again in a moment");
  const outputs: OutputsStatus = field.outputs ?? { outputs: [], warnings: [] };
  if (json) io.out(`${JSON.stringify(outputs)}\n`);
  else io.out(`${outputsLines(outputs, io, say).join("\n")}\n`);
  return EXIT_DONE;
}

async function order(
  link: Link,
  words: { action: OutputAction; outputs: string[]; reason: string; by: string },
  json: boolean,
  say: Say,
  io: CommandIo,
): Promise<number> {
  const reply = await askKeeper(link, { kind: "outputs", ...words }, 0);
  if (reply.kind !== "done") return refuse(io, "CONTROL_NO_REPLY", "keeper answered another question");
  if (json)
    io.out(`${JSON.stringify({ action: words.action, outputs: words.outputs, refused: reply.refused ?? null })}\n`);
  if (reply.refused !== undefined) return refuse(io, reply.refused.code, reply.refused.message);
  const outputs = words.outputs.length === 0 ? say(OUTPUTS.all) : words.outputs.join(", ");
  if (!json) io.out(`${say(OUTPUTS[words.action], { outputs })}\n`);
  return EXIT_DONE;
}
