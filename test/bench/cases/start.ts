import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { BenchCase, BenchContext, Figure } from "../bench-case.ts";
import { configText, tcpBuses } from "../gateway/config-text.ts";
import { startGateway } from "../gateway/gateway.ts";
import type { Room } from "../gateway/gateway.ts";
import { openWorld } from "../gateway/world.ts";
import type { World } from "../gateway/world.ts";
import { startPeer } from "../machine/peer.ts";
import { commandLine, cpuMs, threadsCpuMs } from "../machine/process-stat.ts";
import { runAndExit } from "../machine/run-and-exit.ts";
import { median } from "../median.ts";
import type { LoadCount, LoadOptions, LoadReady } from "../peers/load-devices.process.ts";
import { watchMarks } from "../peers/mark-watch.ts";
import type { MarkWatch } from "../peers/mark-watch.ts";
import { LOAD_DEVICES } from "./field.ts";
import { IDLE_JOB } from "./idle.ts";

const ROUNDS = 9;
const ROOMS: readonly Room[] = ["keeper", "field", "uplink"];
const START_MS = 20_000;

interface Start {
  /** until the broker had the first mark, and until `status` said it is acknowledged */
  readonly markMs: number;
  readonly acknowledgedMs: number;
  /** of the three rooms, from their beginning to the first mark: loading and everything else they had done by then */
  readonly roomsCpuMs: number;
  readonly byRoom: readonly number[];
  /** supervisor, configuration compiler and rooms */
  readonly allCpuMs: number;
  /** how the rooms were started */
  readonly commands: readonly (readonly string[])[];
}

interface Round {
  readonly nodeCpuMs: number;
  /** of the three rooms together, each alone, to its end */
  readonly loadCpuMs: number;
  readonly first: Start;
  readonly warm: Start;
}

export const start: BenchCase = {
  name: "start",
  about:
    "from `holdfast run` to the first acknowledged mark, with an empty state folder and with one of an earlier run",
  async run(context) {
    await using world = await openWorld(context.entry);
    await using devices = await startPeer<LoadReady, LoadCount>(LOAD_DEVICES, {
      devices: IDLE_JOB.devices,
    } satisfies LoadOptions);
    await using marks = await watchMarks(world.broker.port, world.pki.observer);
    const config = configText({
      broker: { port: world.broker.port, material: world.pki.gateway },
      buses: tcpBuses({ ...IDLE_JOB, port: devices.ready.port }),
    });
    const rounds: Round[] = [];
    await timeStart(world, config, marks, context.signal); // brings everything into the page cache
    for (let round = 1; round <= ROUNDS; round++) {
      rmSync(folder(world), { recursive: true, force: true });
      const nodeCpuMs = median([bareCpuMs(world), bareCpuMs(world), bareCpuMs(world)]);
      const first = await timeStart(world, config, marks, context.signal);
      const warm = await timeStart(world, config, marks, context.signal);
      rounds.push({ nodeCpuMs, loadCpuMs: loadCpuMs(first.commands), first, warm });
      sayRound(context, round, rounds.at(-1));
    }
    return figures(rounds);
  },
};

const folder = (world: World): string => join(world.folder, "gw");
const bareCpuMs = (world: World): number => runAndExit([world.runtime, "-e", "0"]).cpuMs;

async function timeStart(world: World, config: string, marks: MarkWatch, signal: AbortSignal): Promise<Start> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(START_MS)]);
  const mark = marks.next(inTime);
  await using gateway = startGateway({ ...world, folder: folder(world), config });
  await mark.catch((error: unknown) => {
    throw new Error(`no mark in ${START_MS} ms: ${gateway.log()}`, { cause: error });
  });
  const markMs = performance.now() - gateway.startedMs;
  const byRoom = ROOMS.map((room) => threadsCpuMs(gateway.room(room)));
  const allCpuMs = cpuMs(gateway.processes());
  const commands = ROOMS.map((room) => commandLine(gateway.room(room)));
  await gateway.until("acknowledged", (status) => (status.uplink?.marksAcknowledged ?? 0) > 0, {
    timeoutMs: START_MS,
    everyMs: 5,
  });
  const acknowledgedMs = performance.now() - gateway.startedMs;
  return { markMs, acknowledgedMs, byRoom, roomsCpuMs: byRoom.reduce((sum, one) => sum + one, 0), allCpuMs, commands };
}

/**
 * What it takes to load each room's bundle, with the chunks it loads later, under the flags the product gives it, and to
 * end. An option that no room has ends it right after: everything has been read, compiled and run by then, and nothing
 * else has begun.
 */
function loadCpuMs(commands: readonly (readonly string[])[]): number {
  let total = 0;
  for (const command of commands) {
    const { cpuMs: spentMs, output } = runAndExit([...withChunks(command), "--only-load"]);
    if (!output.includes("ERR_PARSE_ARGS_UNKNOWN_OPTION")) throw new Error(`it did not end on loading: ${output}`);
    total += spentMs;
  }
  return total;
}

/** The build names the chunks of `uplink.js` `uplink-….js` and puts them beside it. */
function withChunks(command: readonly string[]): readonly string[] {
  const at = command.findIndex((word) => ROOMS.some((room) => word.endsWith(`/${room}.js`)));
  const entry = command[at];
  if (entry === undefined) return command; // sources, whose modules nobody can name in advance
  const chunks = readdirSync(dirname(entry)).filter(
    (name) => name.startsWith(`${basename(entry, ".js")}-`) && name.endsWith(".js"),
  );
  return [
    ...command.slice(0, at),
    ...chunks.map((name) => `--import=${join(dirname(entry), name)}`),
    ...command.slice(at),
  ];
}

function sayRound({ say }: BenchContext, round: number, one: Round | undefined): void {
  if (one === undefined) return;
  say(
    `round ${round} of ${ROUNDS}: first ${one.first.markMs.toFixed(0)} ms, warm ${one.warm.markMs.toFixed(0)} ms; ` +
      `rooms ${one.first.byRoom.map((ms) => ms.toFixed(0)).join(" + ")} ms CPU, node -e 0 ${one.nodeCpuMs.toFixed(0)} ms`,
  );
}

function figures(rounds: readonly Round[]): readonly Figure[] {
  const nodeCpuMs = median(rounds.map((round) => round.nodeCpuMs));
  const over = (pick: (round: Round) => number): Pick<Figure, "value" | "rounds"> => {
    const values = rounds.map(pick);
    return { value: median(values), rounds: values };
  };
  const yardstick = { name: "node -e 0, ms", value: nodeCpuMs };
  return [
    { name: "first start to acknowledged mark", ...over((one) => one.first.acknowledgedMs), unit: "ms", atMost: 1_500 },
    { name: "warm start to acknowledged mark", ...over((one) => one.warm.acknowledgedMs), unit: "ms", atMost: 1_500 },
    {
      name: "CPU to load the three rooms / node -e 0",
      ...over((one) => one.loadCpuMs / one.nodeCpuMs),
      unit: "x",
      atMost: 9,
      yardstick,
    },
    {
      name: "CPU of the rooms up to the first mark / node -e 0",
      ...over((one) => one.first.roomsCpuMs / one.nodeCpuMs),
      unit: "x",
      yardstick,
    },
    { name: "first mark at the broker, first start", ...over((one) => one.first.markMs), unit: "ms" },
    { name: "first mark at the broker, warm start", ...over((one) => one.warm.markMs), unit: "ms" },
    { name: "CPU of all processes up to it, first start", ...over((one) => one.first.allCpuMs), unit: "ms" },
    { name: "CPU of all processes up to it, warm start", ...over((one) => one.warm.allCpuMs), unit: "ms" },
  ];
}
