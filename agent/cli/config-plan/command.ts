import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { compileConfig, formatReport } from "../../config/index.ts";
import { outlookOf } from "../../config/timing/outlook.ts";
import { EXIT_DONE, EXIT_FAILED, misused, refuse } from "../io.ts";
import type { FileIo } from "../io.ts";
import { paintFor } from "../paint.ts";
import { diskParts } from "../read-part.ts";
import { outlookJson } from "./json.ts";
import { outlookText } from "./text.ts";

/** What most field devices need to answer; faster ones are no worse off. */
const ANSWER_MS = 10;
const ANSWER_MS_MAX = 60_000;

/**
 * `holdfast config plan FILE [--answer MS] [--json]`: how full each bus will be, and how long the fail-safe plan may
 * take. A file that asks for more than there is time for is refused by `config check`, and shown here all the same.
 */
export async function configPlanCommand(args: readonly string[], io: FileIo): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: "boolean", default: false }, answer: { type: "string", default: String(ANSWER_MS) } },
    });
  } catch (error) {
    return misused(io, error instanceof Error ? error.message : String(error));
  }
  const [file, ...more] = parsed.positionals;
  if (file === undefined || more.length > 0) return misused(io, "config plan wants exactly one FILE");
  const answerMs = Number(parsed.values.answer);
  if (!/^\d{1,5}(\.\d{1,3})?$/u.test(parsed.values.answer) || answerMs > ANSWER_MS_MAX)
    return misused(
      io,
      `--answer wants milliseconds from 0 to ${ANSWER_MS_MAX}, not ${JSON.stringify(parsed.values.answer)}`,
    );
  let text: string;
  try {
    text = await io.readFile(file);
  } catch (error) {
    return refuse(io, "CONFIG_FILE_UNREADABLE", error instanceof Error ? error.message : String(error));
  }
  const path = resolve(file);
  const read = diskParts(path);
  const judged = compileConfig(text, path, read);
  const { json } = parsed.values;
  const files = [file, ...judged.parts.map((part) => join(dirname(file), part.name))];
  const findings = "report" in judged ? judged.report.findings : [];
  const ok = findings.length === 0;
  const compiled = ok ? judged : compileConfig(text, path, read, "all-but-time");
  const outlook = "snapshot" in compiled ? outlookOf(compiled.snapshot.field, answerMs) : undefined;
  if (json) {
    const shown = outlook === undefined ? {} : outlookJson(outlook);
    io.out(`${JSON.stringify({ ok, file, files, findings, ...shown })}\n`);
    return ok ? EXIT_DONE : EXIT_FAILED;
  }
  if (outlook !== undefined) io.out(outlookText(outlook, paintFor(io.isTty)));
  if ("report" in judged)
    io.err(formatReport({ ...judged.report, file }, text, { colour: io.isTty, parts: judged.parts }));
  return ok ? EXIT_DONE : EXIT_FAILED;
}
