import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Clock } from "../../hal/clock.ts";
import { compileConfig } from "../config/compile.ts";
import type { PartFile } from "../config/expand/part-file.ts";
import { formatReport } from "../config/print-report.ts";
import type { ConfigReport } from "../contract/report.ts";
import type { ControlReply } from "../contract/rooms.ts";
import type { Dialer } from "../contract/door.ts";
import { EXIT_NOTHING_TO_RUN, EXIT_NOT_ASKED } from "../process/exit-codes.ts";
import { ControlError, askKeeper } from "./control-client.ts";
import { EXIT_DONE, EXIT_FAILED, misused, refuse } from "./io.ts";
import type { CommandIo } from "./io.ts";
import { diskParts } from "./read-part.ts";

/** A gateway that was only just started gets this long to open its control socket. */
const STARTING_PATIENCE_MS = 10_000;
/** A file that changes while it is applied is applied again, so often. */
const OFFERS_MAX = 5;
const BYTE_ORDER_MARK = /^\ufeff/u;

export interface ApplyParts {
  readonly clock: Clock;
  readonly dialControl: (path: string) => Dialer;
  readonly defaultControlPath: string;
}

/**
 * `holdfast config apply FILE [--control=PATH]`: compiles the file and hands it to the running gateway. A refused file
 * changes nothing there but what `status` and the config topic say about it.
 */
export async function configApplyCommand(args: readonly string[], parts: ApplyParts, io: CommandIo): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        control: { type: "string", default: parts.defaultControlPath },
        starting: { type: "boolean", default: false },
        watched: { type: "string" },
      },
    });
  } catch (error) {
    return misused(io, error instanceof Error ? error.message : String(error));
  }
  const [file, ...more] = parsed.positionals;
  if (file === undefined || more.length > 0) return misused(io, "config apply wants exactly one FILE");
  const path = resolve(file);
  const { control, starting, watched } = parsed.values;
  for (let offers = 1; ; offers++) {
    const compiled = await compileFile(path);
    // for the supervisor, which must know what to look at before anything else can go wrong
    if (watched !== undefined) await writeFile(watched, JSON.stringify([...compiled.read.keys()]));
    const exit = await offerFile(compiled, starting, { ...parts, dialer: parts.dialControl(control) }, io);
    // whoever watches the files may not look while a change is being applied
    if (!starting || offers === OFFERS_MAX || !(await haveChanged(compiled.read))) return exit;
  }
}

async function offerFile(
  compiled: Compiled,
  starting: boolean,
  parts: { readonly clock: Clock; readonly dialer: Dialer },
  io: CommandIo,
): Promise<number> {
  try {
    const reply = await askKeeper(
      parts,
      "report" in compiled
        ? { kind: "report-config", report: compiled.report }
        : { kind: "apply-config", snapshot: { ...compiled.snapshot } },
      starting ? STARTING_PATIENCE_MS : 0,
    );
    if ("report" in compiled) {
      io.err(formatReport(compiled.report, compiled.text, { colour: io.isTty, parts: compiled.parts }));
      const nothing = starting && refusedCode(reply) === "CONFIG_NONE_RUNNING";
      io.err(nothing ? "holdfast: no earlier configuration to run\n" : "holdfast: the running configuration stays\n");
      return nothing ? EXIT_NOTHING_TO_RUN : EXIT_FAILED;
    }
    if (reply.kind === "done" && reply.refused !== undefined)
      return refuse(io, reply.refused.code, reply.refused.message);
    return EXIT_DONE;
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    if ("report" in compiled)
      io.err(formatReport(compiled.report, compiled.text, { colour: io.isTty, parts: compiled.parts }));
    const exit = refuse(io, error.code, error.message);
    return starting ? EXIT_NOT_ASKED : exit;
  }
}

async function haveChanged(read: ReadonlyMap<string, string | undefined>): Promise<boolean> {
  for (const [path, text] of read)
    if ((await readFile(path, "utf8").catch(() => undefined))?.replace(BYTE_ORDER_MARK, "") !== text) return true;
  return false;
}

function refusedCode(reply: ControlReply): string | undefined {
  return reply.kind === "done" ? reply.refused?.code : undefined;
}

type Compiled = (
  | { readonly snapshot: object }
  | { readonly report: ConfigReport; readonly text: string; readonly parts: readonly PartFile[] }
) & {
  /** every file of the configuration by its path, with the text it had */
  readonly read: ReadonlyMap<string, string | undefined>;
};

async function compileFile(path: string): Promise<Compiled> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const finding = {
      code: "CONFIG_FILE_UNREADABLE",
      line: 0,
      column: 0,
      path: "",
      message: why,
      hint: "name a file that exists and that this user may read",
    };
    return { report: { file: path, findings: [finding] }, text: "", parts: [], read: new Map([[path, undefined]]) };
  }
  const compiled = compileConfig(text, path, diskParts(path));
  const read = new Map([
    [path, text.replace(BYTE_ORDER_MARK, "")],
    ...compiled.parts.map((part) => [part.path, part.text] as const),
  ]);
  return "report" in compiled ? { ...compiled, text, read } : { snapshot: compiled.snapshot, read };
}
