import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { chmodSync, mkdirSync, statSync } from "node:fs";
import { DOOR_NAMES, ROOM_NAMES, SOCKET_PATH_BYTES_MAX, doorFolder, doorPath, roomFolder } from "./layout.ts";
import type { Layout, RoomName } from "./layout.ts";
import { applyCommand, roomCommand, selfTestCommand, watchedPath } from "./commands.ts";
import type { Command } from "./commands.ts";
import { EXIT_NOTHING_TO_RUN, EXIT_NOT_ASKED } from "./exit-codes.ts";
import { holdAlone } from "./hold-alone.ts";
import { SupervisorError } from "./supervisor-error.ts";
import { watchFiles } from "./watch-files.ts";

/** First and longest pause before a process that ended is started again. Both leave room in the 2 s a restart may take. */
const RESTART_MS_MIN = 50;
const RESTART_MS_MAX = 1_000;
/** A process that lived this long had started well: its next end is its first. */
const SETTLED_MS = 10_000;
/** How long processes may take to say goodbye before they are killed. */
const GOODBYE_MS = 5_000;
/** Pause before the configuration is offered again to a `keeper` that could not be asked. */
const APPLY_RETRY_MS = 1_000;

export interface SupervisorOptions {
  readonly layout: Layout;
  /** the YAML file, absolute */
  readonly configPath: string;
  readonly say: (line: string) => void;
}

/**
 * Keeps the three processes running on a system that has no service manager for it. Loads no library: it must outlive
 * whatever breaks the others. The configuration file is compiled by a process of its own, at start, on SIGHUP and
 * whenever the file or one that it names changes; a file that is refused changes nothing.
 * @returns the exit code, once stopped
 * @throws {SupervisorError}
 */
export async function supervise(options: SupervisorOptions, signal: AbortSignal): Promise<number> {
  prepareFolders(options.layout);
  await using _alone = await holdAlone(options.layout);
  // asked to leave meanwhile: an abort that has happened is not told again
  if (signal.aborted) return 0;
  const processes = ROOM_NAMES.map((room) => keepRunning(room, options));
  const stopped = Promise.withResolvers<number>();
  const leaving = new AbortController();
  let retry: NodeJS.Timeout | undefined;
  const apply = serialised(async () => {
    const code = await runToEnd(applyCommand(options.configPath, options.layout), options, leaving.signal);
    watched.follow(watchedPath(options.layout));
    if (code === EXIT_NOTHING_TO_RUN) stopped.resolve(1);
    // what changed while keeper was away must not wait for the next change
    if (code === EXIT_NOT_ASKED && !leaving.signal.aborted) retry = setTimeout(apply, APPLY_RETRY_MS);
  });
  using watched = watchFiles(options.configPath, apply);
  process.on("SIGHUP", apply);
  signal.addEventListener("abort", () => stopped.resolve(0), { once: true });
  apply();
  // a serial binding that does not load would otherwise show only when a line is opened; it stops nothing
  void runToEnd(selfTestCommand(), options, leaving.signal);
  const code = await stopped.promise;
  process.off("SIGHUP", apply);
  clearTimeout(retry);
  leaving.abort();
  await Promise.all(processes.map((one) => one.stop()));
  return code;
}

function prepareFolders(layout: Layout): void {
  for (const room of ROOM_NAMES) makeFolder(roomFolder(layout, room), "--state");
  for (const door of DOOR_NAMES) {
    const bytes = Buffer.byteLength(doorPath(layout, door));
    if (bytes > SOCKET_PATH_BYTES_MAX) {
      throw new SupervisorError("RUN_FOLDER_TOO_LONG", tooLong(doorPath(layout, door), bytes));
    }
    makeFolder(doorFolder(layout, door), "--run");
    refuseOthers(doorFolder(layout, door));
    chmodSync(doorFolder(layout, door), 0o700);
  }
}

function makeFolder(path: string, option: "--state" | "--run"): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new SupervisorError(
      "RUN_FOLDER_REFUSED",
      `cannot make ${path} (${why}); name a folder you may write with ${option}, or run as the gateway's user`,
      { cause },
    );
  }
}

/** Root could take the folder over, and so lock out the gateway whose units run in it. */
function refuseOthers(folder: string): void {
  const { uid } = statSync(folder);
  if (uid === process.getuid?.()) return;
  throw new SupervisorError(
    "RUN_FOLDER_REFUSED",
    `${folder} belongs to user ${uid}: an installed gateway is run by its units, systemctl start holdfast.target; for a second one name another folder with --run`,
  );
}

function tooLong(path: string, bytes: number): string {
  return `${path} has ${bytes} bytes and a socket's path may have ${SOCKET_PATH_BYTES_MAX}; choose a shorter --run folder`;
}

function keepRunning(room: RoomName, options: SupervisorOptions): { stop(): Promise<void> } {
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let delayMs = RESTART_MS_MIN;
  let ended: Promise<void> = Promise.resolve();
  const start = (): void => {
    const startedMs = performance.now();
    const { command, args, env } = roomCommand(room, options.layout);
    const one = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], env });
    child = one;
    ended = new Promise((resolve) => {
      const over = (how: string): void => {
        resolve();
        if (stopping || child !== one) return;
        child = undefined;
        if (performance.now() - startedMs > SETTLED_MS) delayMs = RESTART_MS_MIN;
        options.say(`${room} ended (${how}), starting again in ${delayMs} ms`);
        timer = setTimeout(start, delayMs);
        delayMs = Math.min(delayMs * 2, RESTART_MS_MAX);
      };
      one.once("exit", (code, signalName) => over(signalName ?? `exit code ${code}`));
      one.once("error", (error) => over(error.message));
    });
  };
  start();
  return {
    async stop() {
      stopping = true;
      clearTimeout(timer);
      child?.kill("SIGTERM");
      const impatience = setTimeout(() => child?.kill("SIGKILL"), GOODBYE_MS);
      await ended;
      clearTimeout(impatience);
    },
  };
}

/** @returns its exit code, 1 where it did not start or `signal` ended it */
function runToEnd({ command, args, env }: Command, options: SupervisorOptions, signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], env, signal });
    child.once("exit", (code) => resolve(code ?? 1));
    child.once("error", (error) => {
      if (!signal.aborted) options.say(`${args.slice(1).join(" ")}: ${error.message}`);
      resolve(1);
    });
  });
}

/** One at a time; calls during a run become one run after it. */
function serialised(task: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  const run = (): void => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    void task().finally(() => {
      running = false;
      if (again) {
        again = false;
        run();
      }
    });
  };
  return run;
}
