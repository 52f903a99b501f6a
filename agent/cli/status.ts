import { parseArgs } from "node:util";
import type { Clock } from "../../hal/clock.ts";
import { sleep } from "../../hal/clock.ts";
import type { Dialer } from "../contract/door.ts";
import type { GatewayStatus } from "../contract/status.ts";
import { ControlError, askKeeper } from "./control-client.ts";
import { fold } from "./fold.ts";
import { EXIT_DONE, EXIT_FAILED, misused, refuse } from "./io.ts";
import type { CommandIo } from "./io.ts";
import { statusLines } from "./status-lines.ts";
import { visibleJson } from "./telemetry/visible.ts";
import { visibleStatus } from "./visible-status.ts";
import { languageOf } from "./words/language.ts";
import { LANGUAGES, speaker } from "./words/phrase.ts";
import type { Say } from "./words/phrase.ts";
import { STATUS } from "./words/status-words.ts";

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
  const watching = values.watch && io.isTty && !values.json;
  const ask = { kind: "status-query", points: values.points || values.watch } as const;
  const print = (status: GatewayStatus): void => {
    if (values.json) return io.out(`${visibleJson(status)}\n`);
    const lines = statusLines(visibleStatus(status), { colour: io.isTty, columns: io.columns, language });
    if (!io.isTty) return io.out(`${lines.join("\n")}\n`);
    const rows = lines.flatMap((line) => fold(line, io.columns));
    io.out(watching ? screen(rows, io.rows, speaker(language)) : `${rows.join("\n")}\n`);
  };
  try {
    for (let shown = false; ; shown = true) {
      // whoever watches a gateway wants to see it come back, too
      const reply = await askKeeper({ clock: parts.clock, dialer }, ask, 0).catch((error: unknown) => {
        if (watching && shown && error instanceof ControlError) return error;
        throw error;
      });
      if (reply instanceof ControlError) {
        const lines = [`${reply.code}: ${reply.message}`].flatMap((line) => fold(line, io.columns));
        io.out(screen(lines, io.rows, speaker(language)));
      } else {
        if (reply.kind !== "gateway-status") return refuse(io, "CONTROL_NO_REPLY", "keeper answered another question");
        print(reply.status);
        if (!values.watch) return healthy(reply.status) ? EXIT_DONE : EXIT_FAILED;
      }
      await sleep(parts.clock, WATCH_MS);
    }
  } catch (error) {
    if (error instanceof ControlError) return refuse(io, error.code, error.message);
    throw error;
  }
}

/** Drawn over what was there, without a flicker; what has no room is counted, so that the top with its reds stays. */
function screen(rows: readonly string[], rowsMax: number | undefined, say: Say): string {
  const room = Math.max(2, (rowsMax ?? Number.POSITIVE_INFINITY) - 1);
  const left = rows.length - room + 1;
  const shown = rows.length <= room ? rows : [...rows.slice(0, room - 1), say(STATUS.moreLines, { count: left })];
  return `${HOME}${shown.map((row) => `${row}${CLEAR_LINE}\n`).join("")}${CLEAR_BELOW}`;
}

const HOME = "\u001b[H";
const CLEAR_LINE = "\u001b[K";
const CLEAR_BELOW = "\u001b[J";

function healthy(status: GatewayStatus): boolean {
  const busesOpen = status.field?.buses.every((bus) => bus.state === "open" || bus.state === "resting") ?? false;
  return busesOpen && status.uplink?.state === "online" && status.configReport === null;
}
