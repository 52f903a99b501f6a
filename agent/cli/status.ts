import { parseArgs } from "node:util";
import type { Clock } from "../../hal/clock.ts";
import { sleep } from "../../hal/clock.ts";
import type { Dialer } from "../contract/door.ts";
import type { GatewayStatus } from "../contract/status.ts";
import { ControlError, askKeeper } from "./control-client.ts";
import { EXIT_DONE, EXIT_FAILED, misused, refuse } from "./io.ts";
import type { CommandIo } from "./io.ts";
import { statusLines } from "./status-lines.ts";
import { languageOf } from "./words/language.ts";
import { LANGUAGES } from "./words/phrase.ts";

const WATCH_MS = 1_000;

export interface StatusParts {
  readonly clock: Clock;
  readonly dialControl: (path: string) => Dialer;
  readonly defaultControlPath: string;
  /** LC_ALL, LC_MESSAGES and LANG choose the language where nobody says */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `holdfast status [--points] [--watch] [--lang en|de] [--json] [--control=PATH]`. Exits 1 where a room is missing or the uplink is down. */
export async function statusCommand(args: readonly string[], parts: StatusParts, io: CommandIo): Promise<number> {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        points: { type: "boolean", default: false },
        watch: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        lang: { type: "string" },
        control: { type: "string", default: parts.defaultControlPath },
      },
    }));
  } catch (error) {
    return misused(io, error instanceof Error ? error.message : String(error));
  }
  const language = languageOf(values.lang, parts.env);
  if (language === undefined) return misused(io, `no language "${values.lang}", there are ${LANGUAGES.join(", ")}`);
  const dialer = parts.dialControl(values.control);
  const print = (status: GatewayStatus): void => {
    if (values.json) io.out(`${JSON.stringify(status)}\n`);
    else io.out(`${statusLines(status, { colour: io.isTty, columns: io.columns, language }).join("\n")}\n`);
  };
  try {
    for (;;) {
      const reply = await askKeeper(
        { clock: parts.clock, dialer },
        { kind: "status-query", points: values.points || values.watch },
        0,
      );
      if (reply.kind !== "gateway-status") return refuse(io, "CONTROL_NO_REPLY", "keeper answered another question");
      if (values.watch && io.isTty && !values.json) io.out("\u001b[H\u001b[2J");
      print(reply.status);
      if (!values.watch) return healthy(reply.status) ? EXIT_DONE : EXIT_FAILED;
      await sleep(parts.clock, WATCH_MS);
    }
  } catch (error) {
    if (error instanceof ControlError) return refuse(io, error.code, error.message);
    throw error;
  }
}

function healthy(status: GatewayStatus): boolean {
  const busesOpen = status.field?.buses.every((bus) => bus.state === "open" || bus.state === "resting") ?? false;
  return busesOpen && status.uplink?.state === "online" && status.configReport === null;
}
