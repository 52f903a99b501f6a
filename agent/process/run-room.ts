import { parseArgs } from "node:util";
import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxNotification } from "../../hal/linux/notification.ts";
import type { Log } from "../contract/log.ts";
import type { Standing } from "../contract/standing.ts";
import { DEFAULT_RUN_FOLDER, DEFAULT_STATE_FOLDER } from "./layout.ts";
import type { Layout, RoomName } from "./layout.ts";
import { collectEarly } from "./memory.ts";
import { processLog } from "./process-log.ts";
import { openStanding } from "./standing.ts";

/** How often a supervised process looks whether its supervisor still lives. */
const PARENT_CHECK_MS = 1_000;
/** How long a room may take to say goodbye before the process ends without it. */
const GOODBYE_MS = 3_000;

/**
 * Runs one room as this process: ends cleanly on SIGTERM and SIGINT, or when the supervisor that started it is gone;
 * whatever else ends it is logged and exits with 1, to be started again. A service manager hears how it goes.
 */
export function runRoomProcess(
  room: RoomName,
  body: (layout: Layout, log: Log, standing: Standing, signal: AbortSignal) => Promise<void>,
): void {
  const { values } = parseArgs({
    options: {
      state: { type: "string", default: DEFAULT_STATE_FOLDER },
      run: { type: "string", default: DEFAULT_RUN_FOLDER },
      supervised: { type: "string" },
    },
  });
  collectEarly();
  const log = processLog(room);
  const standing = openStanding(linuxClock(), linuxNotification(process.env), log);
  const abort = new AbortController();
  const leave = (reason: string): void => {
    if (abort.signal.aborted) return;
    log.info("process.leaving", { reason });
    standing[Symbol.dispose]();
    abort.abort();
    setTimeout(() => process.exit(0), GOODBYE_MS).unref();
  };
  process.on("SIGTERM", () => leave("SIGTERM"));
  process.on("SIGINT", () => leave("SIGINT"));
  if (values.supervised !== undefined) leaveWithParent(Number(values.supervised), leave);
  body({ stateFolder: values.state, runFolder: values.run }, log, standing, abort.signal).then(
    () => process.exit(0),
    (error: unknown) => {
      if (abort.signal.aborted) process.exit(0);
      log.error("process.failed", failureFields(error));
      process.exit(1);
    },
  );
}

/** @param parent told by the supervisor: one that was killed in the meantime is already not our parent any more */
function leaveWithParent(parent: number, leave: (reason: string) => void): void {
  setInterval(() => {
    if (process.ppid !== parent) leave("supervisor gone");
  }, PARENT_CHECK_MS).unref();
}

function failureFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { cause: String(error) };
  const code = "code" in error ? error.code : undefined;
  return { code, cause: error.message, stack: error.stack };
}
