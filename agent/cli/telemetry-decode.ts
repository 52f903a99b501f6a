import { parseArgs } from "node:util";
import { EXIT_DONE, EXIT_FAILED, misused, refuse } from "./io.ts";
import type { CommandIo } from "./io.ts";
import { paintFor } from "./paint.ts";
import { capturedMessages, LINE_BYTES_MAX, wholePayload } from "./telemetry/capture.ts";
import type { BadLine, Captured } from "./telemetry/capture.ts";
import { CaptureReader } from "./telemetry/reader.ts";
import { saidJson } from "./telemetry/said-json.ts";
import { saidLines } from "./telemetry/said-lines.ts";

export interface TelemetryIo extends CommandIo {
  /** Bytes of a file, or of standard input where no path is given. Throws where it cannot be read. */
  open(path: string | undefined): AsyncIterable<Uint8Array>;
  /** aborts once whoever read what is printed, such as `head`, has seen enough */
  readonly gone: AbortSignal;
}

const USAGE = "telemetry wants: decode [FILE] [--topic TOPIC] [--json]";

/**
 * `holdfast telemetry decode`: what captured MQTT messages say. Reads lines of `topic hex`, or with `--topic` one bare
 * payload. Says of each line that is no message why, goes on, and exits 1 at the end.
 */
export async function telemetryCommand(args: readonly string[], io: TelemetryIo): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { topic: { type: "string" }, json: { type: "boolean", default: false } },
    });
  } catch (error) {
    return misused(io, error instanceof Error ? error.message : String(error));
  }
  const [verb, file, ...more] = parsed.positionals;
  if (verb !== "decode" || more.length > 0) return misused(io, USAGE);
  const { topic, json } = parsed.values;
  try {
    const input = io.open(file === "-" ? undefined : file);
    return await decode(topic === undefined ? capturedMessages(input) : bare(topic, input), json, io);
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "string") {
      return refuse(io, "TELEMETRY_FILE_UNREADABLE", error.message);
    }
    throw error;
  }
}

async function decode(messages: AsyncIterable<Captured | BadLine>, json: boolean, io: TelemetryIo): Promise<number> {
  const reader = new CaptureReader();
  const paint = paintFor(io.isTty);
  let code: number = EXIT_DONE;
  for await (const message of messages) {
    if (io.gone.aborted) break;
    if ("refusal" in message) {
      code = refuse(io, "TELEMETRY_LINE_MALFORMED", `line ${message.line}: ${message.refusal}`);
      continue;
    }
    const said = reader.read(message.topic, message.payload);
    if ("refusal" in said) code = refuse(io, said.refusal, `line ${message.line}: ${said.message}`);
    else if (json) io.out(`${saidJson(said, message.line)}\n`);
    else io.out(`${saidLines(said, paint).join("\n")}\n`);
  }
  return code === EXIT_DONE ? EXIT_DONE : EXIT_FAILED;
}

async function* bare(topic: string, input: AsyncIterable<Uint8Array>): AsyncGenerator<Captured | BadLine> {
  const payload = await wholePayload(input);
  if (payload === undefined) yield { line: 1, refusal: `a payload of more than ${LINE_BYTES_MAX} bytes` };
  else yield { line: 1, topic, payload };
}
