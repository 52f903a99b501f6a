import { join } from "node:path";
import type { BenchCase, Figure } from "../bench-case.ts";
import { configText, tcpBuses } from "../gateway/config-text.ts";
import { startGateway } from "../gateway/gateway.ts";
import { measureSteadyState, working } from "../gateway/steady-state.ts";
import type { SteadyState } from "../gateway/steady-state.ts";
import { openWorld } from "../gateway/world.ts";
import { startPeer } from "../machine/peer.ts";
import { median } from "../median.ts";
import type { LoadCount, LoadOptions, LoadReady } from "../peers/load-devices.process.ts";
import { leanCpuPercent } from "./lean-yardstick.ts";

export const LOAD_DEVICES = join(import.meta.dirname, "..", "peers", "load-devices.process.ts");
const JOB = { devices: 500, registers: 30, pollMs: 1_000 } as const;
const POINTS_PER_SECOND = (JOB.devices * JOB.registers * 1000) / JOB.pollMs;
/** The window cuts marks in flight at both ends: a quarter second of 60 may be missing. */
const EDGE = 0.99;
const WORKING_MS = 60_000;

export const field: BenchCase = {
  name: "field",
  about: "500 Modbus TCP devices of 30 registers each second, to Mosquitto over mutual TLS, marks acknowledged",
  async run({ say, signal, entry }) {
    await using world = await openWorld(entry);
    await using devices = await startPeer<LoadReady, LoadCount>(LOAD_DEVICES, {
      devices: JOB.devices,
    } satisfies LoadOptions);
    const job = { ...JOB, port: devices.ready.port };
    say(`yardstick: the same requests with node:net alone`);
    const leanBefore = await leanCpuPercent(job, signal);
    const config = configText({
      broker: { port: world.broker.port, material: world.pki.gateway },
      buses: tcpBuses(job),
    });
    let steady: SteadyState;
    let polledPerSecond: number;
    {
      await using gateway = startGateway({ ...world, folder: join(world.folder, "gw"), config });
      await gateway.until("working", working, { timeoutMs: WORKING_MS });
      say(`all ${JOB.devices} devices answer, ${world.broker.kind}; warming up, then 6 rounds of 10 s`);
      const startMs = performance.now();
      const before = await devices.ask("count");
      steady = await measureSteadyState(gateway, { warmUpMs: 20_000, rounds: 6, roundMs: 10_000, signal });
      const after = await devices.ask("count");
      polledPerSecond = ((after.registers - before.registers) * 1000) / (performance.now() - startMs);
      say(`field ${say4(steady.cpuPercentByRoom)}; PSS ${say4(steady.pssMiBByRoom)}`);
    }
    const lean = median([leanBefore, await leanCpuPercent(job, signal)]);
    return figures(steady, polledPerSecond, lean);
  },
};

function figures(steady: SteadyState, polledPerSecond: number, lean: number): readonly Figure[] {
  return [
    {
      name: "CPU, all processes",
      value: median(steady.cpuPercent),
      unit: "% of a core",
      atMost: 30,
      rounds: steady.cpuPercent,
      yardstick: { name: "node:net alone", value: lean },
    },
    { name: "PSS, all processes", value: median(steady.pssMiB), unit: "MiB", atMost: 200, rounds: steady.pssMiB },
    { name: "late polls", value: steady.latePolls, unit: "", atMost: 0 },
    { name: "values acknowledged", value: steady.acknowledgedPerSecond, unit: "/s", atLeast: POINTS_PER_SECOND * EDGE },
    { name: "values lost to a full queue", value: steady.dropped, unit: "", atMost: 0 },
    { name: "marks acknowledged", value: steady.marksAcknowledged, unit: "", atLeast: 1 },
    { name: "registers read, counted by the devices", value: polledPerSecond, unit: "/s" },
    { name: "late polls while starting", value: steady.latePollsBefore, unit: "" },
    ...roomFigures(steady),
  ];
}

/** Each process's share, reported. */
export function roomFigures(steady: SteadyState): readonly Figure[] {
  return Object.entries(steady.cpuPercentByRoom).flatMap(([room, percent]) => [
    { name: `CPU, ${room}`, value: percent, unit: "% of a core" },
    { name: `PSS, ${room}`, value: steady.pssMiBByRoom[room] ?? Number.NaN, unit: "MiB" },
  ]);
}

const say4 = (byRoom: Readonly<Record<string, number>>): string =>
  Object.entries(byRoom)
    .map(([room, value]) => `${room} ${value.toFixed(1)}`)
    .join(", ");
