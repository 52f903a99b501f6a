import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { askKeeper, ControlError } from "../../../agent/cli/control-client.ts";
import type { GatewayStatus } from "../../../agent/contract/status.ts";
import { unixDialer } from "../../../agent/contract/unix-door.ts";
import { doorPath } from "../../../agent/process/layout.ts";
import { linuxClock } from "../../../hal/linux/clock.ts";
import { linuxNetwork } from "../../../hal/linux/network.ts";
import { commandLine, processTree } from "../machine/process-stat.ts";

/** Asked for oftener, what 500 devices have to say becomes a load of its own. */
const STATUS_EVERY_MS = 2_000;
const GOODBYE_MS = 15_000;
const LOG_TAIL_CHARS = 2_000;

export type Room = "keeper" | "field" | "uplink";

/** The product as its user runs it: `holdfast run`, the bundles where they were built, on a runtime of its own. */
export interface Gateway extends AsyncDisposable {
  /** the supervisor; the rooms are its children */
  readonly pid: number;
  /** `performance.now()` just before it was started */
  readonly startedMs: number;
  processes(): readonly number[];
  room(room: Room): number;
  /** What `holdfast status --json` prints, asked over the same socket without a process for each question. */
  status(): Promise<GatewayStatus | undefined>;
  /** Asks for the status until it satisfies. */
  until(
    what: string,
    satisfied: (status: GatewayStatus) => boolean,
    patience: { readonly timeoutMs: number; readonly everyMs?: number },
  ): Promise<GatewayStatus>;
  /** the end of what it logged */
  log(): string;
}

export interface GatewayOptions {
  readonly runtime: string;
  /** the `holdfast` command */
  readonly entry: string;
  /** its own; holds configuration, state and sockets. The state of an earlier start stays and is used */
  readonly folder: string;
  readonly config: string;
  /** run it on these cores only */
  readonly cores?: readonly number[];
  readonly env?: NodeJS.ProcessEnv;
}

export function startGateway(options: GatewayOptions): Gateway {
  const { folder } = options;
  mkdirSync(folder, { recursive: true });
  const configPath = join(folder, "gateway.yaml");
  writeFileSync(configPath, options.config);
  const logPath = join(folder, "log");
  const logFile = openSync(logPath, "w");
  const run = join(folder, "run");
  const args = [options.entry, "run", "--config", configPath, "--state", join(folder, "state"), "--run", run];
  const command = options.cores === undefined ? [] : ["taskset", "-c", options.cores.join(",")];
  const [file = options.runtime, ...rest] = [...command, options.runtime, ...args];
  const startedMs = performance.now();
  const child = spawn(file, rest, {
    stdio: ["ignore", logFile, logFile],
    env: { ...process.env, ...options.env },
  });
  closeSync(logFile);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} could not be started`);
  const log = (): string => readFileSync(logPath, "utf8").slice(-LOG_TAIL_CHARS);
  const status = (): Promise<GatewayStatus | undefined> =>
    askStatus(doorPath({ stateFolder: folder, runFolder: run }, "control"));
  return {
    pid,
    startedMs,
    processes: () => processTree(pid),
    room(room) {
      const found = processTree(pid).find((one) => commandLine(one).some((word) => word.includes(`/${room}.`)));
      if (found === undefined) throw new Error(`no ${room} process`);
      return found;
    },
    status,
    log,
    async until(what, satisfied, { timeoutMs, everyMs = STATUS_EVERY_MS }) {
      const deadlineMs = performance.now() + timeoutMs;
      for (;;) {
        const now = await status();
        if (now !== undefined && satisfied(now)) return now;
        if (child.exitCode !== null) throw new Error(`holdfast run ended with ${child.exitCode}: ${log()}`);
        if (performance.now() > deadlineMs) throw new Error(`not ${what} in ${timeoutMs} ms: ${log()}`);
        await new Promise((resolve) => setTimeout(resolve, everyMs));
      }
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const descendants = processTree(pid);
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      const impatience = setTimeout(() => {
        for (const one of descendants) process.kill(one, "SIGKILL");
      }, GOODBYE_MS);
      await gone;
      clearTimeout(impatience);
    },
  };
}

/** Undefined where it does not answer yet. */
async function askStatus(control: string): Promise<GatewayStatus | undefined> {
  const parts = { clock: linuxClock(), dialer: unixDialer(linuxNetwork(), control) };
  try {
    const reply = await askKeeper(parts, { kind: "status-query", points: false }, 0);
    return reply.kind === "gateway-status" ? reply.status : undefined;
  } catch (error) {
    if (error instanceof ControlError) return undefined;
    throw error;
  }
}
