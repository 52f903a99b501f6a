import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { DEFAULT_RUN_FOLDER, DEFAULT_STATE_FOLDER } from "../process/layout.ts";
import { collectEarly } from "../process/memory.ts";
import { supervise } from "../process/supervisor.ts";
import { misused } from "./io.ts";
import type { CommandIo } from "./io.ts";

/** `holdfast run --config FILE [--state DIR] [--run DIR]`: the three processes, until SIGTERM or SIGINT. */
export async function runCommand(args: readonly string[], io: CommandIo): Promise<number> {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        config: { type: "string" },
        state: { type: "string", default: DEFAULT_STATE_FOLDER },
        run: { type: "string", default: DEFAULT_RUN_FOLDER },
      },
    }));
  } catch (error) {
    return misused(io, error instanceof Error ? error.message : String(error));
  }
  if (values.config === undefined) return misused(io, "run wants --config FILE");
  collectEarly();
  const abort = new AbortController();
  // npm passes on the terminal's Ctrl-C: what comes twice must not end us before the others have left
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => abort.abort());
  return supervise(
    {
      layout: { stateFolder: resolve(values.state), runFolder: resolve(values.run) },
      configPath: resolve(values.config),
      say: (line) => io.err(`holdfast: ${line}\n`),
    },
    abort.signal,
  );
}
