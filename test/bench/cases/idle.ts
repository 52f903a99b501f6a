import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { BenchCase } from "../bench-case.ts";
import { configText, tcpBuses } from "../gateway/config-text.ts";
import { startGateway } from "../gateway/gateway.ts";
import { measureSteadyState, working } from "../gateway/steady-state.ts";
import type { SteadyState } from "../gateway/steady-state.ts";
import { openWorld } from "../gateway/world.ts";
import { startPeer } from "../machine/peer.ts";
import { cpuMs, pssMiB } from "../machine/process-stat.ts";
import { median } from "../median.ts";
import type { LoadCount, LoadOptions, LoadReady } from "../peers/load-devices.process.ts";
import { LOAD_DEVICES, roomFigures } from "./field.ts";

export const IDLE_JOB = { devices: 10, registers: 50, pollMs: 1_000 } as const;
const STARTS = 3;
const WORKING_MS = 30_000;
const BARE_MS = 5_000;

interface Bare {
  readonly pssMiB: number;
  readonly cpuPercent: number;
}

export const idle: BenchCase = {
  name: "idle",
  about: "10 Modbus TCP devices of 50 registers each second: what the gateway costs when little happens",
  async run({ say, signal, entry }) {
    await using world = await openWorld(entry);
    await using devices = await startPeer<LoadReady, LoadCount>(LOAD_DEVICES, {
      devices: IDLE_JOB.devices,
    } satisfies LoadOptions);
    const config = configText({
      broker: { port: world.broker.port, material: world.pki.gateway },
      buses: tcpBuses({ ...IDLE_JOB, port: devices.ready.port }),
    });
    const bare: Bare[] = [];
    const steady: SteadyState[] = [];
    for (let start = 1; start <= STARTS; start++) {
      bare.push(await measureBare(world.runtime, signal));
      await using gateway = startGateway({ ...world, folder: join(world.folder, `gw-${start}`), config });
      await gateway.until("working", working, { timeoutMs: WORKING_MS });
      const one = await measureSteadyState(gateway, { warmUpMs: 15_000, rounds: 2, roundMs: 10_000, signal });
      steady.push(one);
      say(
        `start ${start} of ${STARTS}: ${median(one.pssMiB).toFixed(1)} MiB, ${median(one.cpuPercent).toFixed(2)} % of a core`,
      );
    }
    const pss = steady.flatMap((one) => one.pssMiB);
    const cpu = steady.flatMap((one) => one.cpuPercent);
    const last = steady.at(-1);
    return [
      {
        name: "PSS, all processes",
        value: median(pss),
        unit: "MiB",
        atMost: 130,
        rounds: pss,
        yardstick: { name: "bare node", value: median(bare.map((one) => one.pssMiB)) },
      },
      {
        name: "CPU, all processes",
        value: median(cpu),
        unit: "% of a core",
        atMost: 2.5,
        rounds: cpu,
        yardstick: { name: "bare node", value: median(bare.map((one) => one.cpuPercent)) },
      },
      { name: "late polls", value: steady.reduce((sum, one) => sum + one.latePolls, 0), unit: "", atMost: 0 },
      ...(last === undefined ? [] : roomFigures(last)),
    ];
  },
};

/** Alone on the gateway's binary, so that it shares no page with a gateway. */
async function measureBare(runtime: string, signal: AbortSignal): Promise<Bare> {
  const bare = spawn(runtime, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  const gone = once(bare, "exit");
  const { pid } = bare;
  if (pid === undefined) throw new Error(`${runtime} could not be started`);
  try {
    await sleep(1_000, undefined, { signal });
    const startMs = performance.now();
    const startCpuMs = cpuMs([pid]);
    await sleep(BARE_MS, undefined, { signal });
    const cpuPercent = ((cpuMs([pid]) - startCpuMs) * 100) / (performance.now() - startMs);
    return { pssMiB: pssMiB([pid]), cpuPercent };
  } finally {
    bare.kill("SIGTERM");
    await gone;
  }
}
