import { readFileSync, readdirSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { vi } from "vitest";
import { askKeeper } from "../../../agent/cli/control-client.ts";
import type { GatewayStatus } from "../../../agent/contract/status.ts";
import { unixDialer } from "../../../agent/contract/unix-door.ts";
import type { RoomName } from "../../../agent/process/layout.ts";
import { linuxClock } from "../../../hal/linux/clock.ts";
import { linuxNetwork } from "../../../hal/linux/network.ts";
import { runChild, startChild } from "../../interop/peers/child.ts";
import { configText } from "../../interop/peers/gateway-file.ts";
import type { GatewayFile } from "../../interop/peers/gateway-file.ts";
import type { Child } from "../../interop/peers/child.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
/** The sources, or a build of them: `HOLDFAST_COMMAND=dist/bundle/holdfast.js`. */
const COMMAND = resolve(ROOT, process.env["HOLDFAST_COMMAND"] ?? join("agent", "main.ts"));
/** How long a test waits for what should happen at once, on a machine that is busy with other tests. */
export const PATIENCE_MS = 15_000;
const LOOK_MS = 20;
const ROOM_ENTRY = /\/(keeper|field|uplink)\.[jt]s$/;

/** The gateway as a user runs it: `holdfast run` and its three processes. */
export interface RunningGateway extends AsyncDisposable {
  readonly supervisor: Child;
  readonly controlPath: string;
  readonly configPath: string;
  readonly stateFolder: string;
  readonly runFolder: string;
  /** Asks the control socket. Rejects where nobody answers. */
  status(): Promise<GatewayStatus>;
  /** Asks until `wanted` accepts the answer; rejects with the last one. */
  until(what: string, wanted: (status: GatewayStatus) => boolean, patienceMs?: number): Promise<GatewayStatus>;
  /** `holdfast …` against this gateway's control socket. */
  command(...args: readonly string[]): ReturnType<typeof runChild>;
  /** Process id of a room now, or undefined while it is down. */
  pidOf(room: RoomName): number | undefined;
  /** SIGKILL. @returns the process id that is no more */
  kill(room: RoomName): number;
  /** Replaces the file as an editor does: written beside it, then renamed. */
  writeConfig(file: GatewayFile | string): Promise<void>;
}

/**
 * Starts it in `folder`, made where it is missing, and returns at once; its processes are gone when this is disposed.
 * @param prefix of its command line: what runs it elsewhere, such as `ip netns exec NAME`
 */
export async function startGateway(
  folder: string,
  file: GatewayFile | string,
  prefix: readonly string[] = [],
): Promise<RunningGateway> {
  const configPath = join(folder, "gateway.yaml");
  const stateFolder = join(folder, "state");
  const runFolder = join(folder, "run");
  await mkdir(folder, { recursive: true });
  await writeFile(configPath, typeof file === "string" ? file : configText(file));
  const places = ["--state", stateFolder, "--run", runFolder];
  const [program, ...before] = [...prefix, process.execPath];
  const supervisor = startChild(program, [...before, COMMAND, "run", "--config", configPath, ...places]);
  const controlPath = join(runFolder, "control", "socket");
  const clock = linuxClock();
  const dialer = unixDialer(linuxNetwork(), controlPath);

  async function status(): Promise<GatewayStatus> {
    const reply = await askKeeper({ clock, dialer }, { kind: "status-query", points: true }, 0);
    if (reply.kind !== "gateway-status") throw new TypeError("keeper answered another question");
    return reply.status;
  }

  async function until(
    what: string,
    wanted: (status: GatewayStatus) => boolean,
    patienceMs = PATIENCE_MS,
  ): Promise<GatewayStatus> {
    let last: unknown;
    return vi
      .waitFor(
        async () => {
          last = await status();
          if (!wanted(last as GatewayStatus)) throw new Error("not yet");
          return last as GatewayStatus;
        },
        { timeout: patienceMs, interval: LOOK_MS },
      )
      .catch((error: unknown) => {
        const log = supervisor.errors.slice(-15).join("\n");
        throw new Error(`never: ${what}; last status ${JSON.stringify(last)}\n${log}`, { cause: error });
      });
  }

  function pidOf(room: RoomName): number | undefined {
    return childrenOf(supervisor.pid).find((pid) => commandLine(pid).some((arg) => ROOM_ENTRY.exec(arg)?.[1] === room));
  }

  return {
    supervisor,
    controlPath,
    configPath,
    stateFolder,
    runFolder,
    status,
    until,
    command: (...args) => runChild(process.execPath, [COMMAND, ...args, `--control=${controlPath}`]),
    pidOf,
    kill(room) {
      const pid = pidOf(room);
      if (pid === undefined) throw new Error(`${room} is not running`);
      process.kill(pid, "SIGKILL");
      return pid;
    },
    async writeConfig(next) {
      await writeFile(`${configPath}.new`, typeof next === "string" ? next : configText(next));
      await rename(`${configPath}.new`, configPath);
    },
    [Symbol.asyncDispose]: () => supervisor[Symbol.asyncDispose](),
  };
}

/** Highest sequence that each source has sampled by now. */
export function sampledHeights(status: GatewayStatus): Record<string, number> {
  const devices = status.field?.buses.flatMap((bus) => bus.devices) ?? [];
  return Object.fromEntries(
    devices.map(({ name, points }) => [name, Math.max(-1, ...points.map(({ sequence }) => sequence))]),
  );
}

/** Processes whose command line names `text`: what a gateway that ended may not leave behind. */
export async function processesNaming(text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const line = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    if (line.includes(text)) found.push(`${name} ${line.replaceAll("\0", " ")}`);
  }
  return found;
}

function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return text === "" ? [] : text.split(" ").map(Number);
  } catch {
    return [];
  }
}

function commandLine(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}
