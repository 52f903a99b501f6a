import { parseArgs } from "node:util";
import { convertTelegraf } from "../config/import/telegraf/convert.ts";
import type { Note } from "../config/import/telegraf/notes.ts";
import { noteText } from "../config/import/telegraf/write.ts";
import { EXIT_DONE, misused, refuse } from "./io.ts";
import type { FileIo } from "./io.ts";

const USAGE = "config import wants: telegraf FILE [--site NAME] [--device NAME] [--broker URL] [--json]";
const TITLES: Readonly<Record<Note["kind"], string>> = {
  changed: "converted, but not the same",
  lost: "without counterpart",
  unknown: "not known",
};

/**
 * `holdfast config import telegraf FILE`: a gateway file from the Modbus inputs of Telegraf on standard output, and on the
 * error channel whatever could not be converted, with the reason.
 */
export async function configImportCommand(args: readonly string[], io: FileIo): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        site: { type: "string" },
        device: { type: "string" },
        broker: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    return misused(io, error instanceof Error ? error.message : String(error));
  }
  const [kind, file, ...more] = parsed.positionals;
  if (kind !== "telegraf" || file === undefined || more.length > 0) return misused(io, USAGE);
  let text: string;
  try {
    text = await io.readFile(file);
  } catch (error) {
    return refuse(io, "CONFIG_FILE_UNREADABLE", error instanceof Error ? error.message : String(error));
  }
  const { site, device, broker, json } = parsed.values;
  const converted = convertTelegraf(text, file, {
    ...(site === undefined ? {} : { site }),
    ...(device === undefined ? {} : { device }),
    ...(broker === undefined ? {} : { broker }),
  });
  if ("refused" in converted) return refuse(io, converted.refused.code, converted.refused.message);
  if (json) {
    io.out(`${JSON.stringify(converted)}\n`);
    return EXIT_DONE;
  }
  io.out(converted.yaml);
  for (const [key, title] of Object.entries(TITLES)) {
    const notes = converted.notes.filter((note) => note.kind === key);
    if (notes.length > 0) io.err(`${title}:\n${notes.map((note) => `  ${noteText(note)}\n`).join("")}`);
  }
  io.err(`${file}: ${converted.devices} devices, ${converted.points} points\n`);
  return EXIT_DONE;
}
