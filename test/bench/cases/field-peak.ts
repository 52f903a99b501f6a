import { join } from "node:path";
import type { BenchCase, BenchContext, Figure } from "../bench-case.ts";
import { configText, tcpBuses } from "../gateway/config-text.ts";
import { startGateway } from "../gateway/gateway.ts";
import { measureSteadyState, working } from "../gateway/steady-state.ts";
import type { SteadyState } from "../gateway/steady-state.ts";
import { openWorld } from "../gateway/world.ts";
import type { World } from "../gateway/world.ts";
import { startPeer } from "../machine/peer.ts";
import { pin } from "../machine/pin.ts";
import { median } from "../median.ts";
import type { LoadCount, LoadOptions, LoadReady } from "../peers/load-devices.process.ts";
import { LOAD_DEVICES } from "./field.ts";
import { leanCpuPercent } from "./lean-yardstick.ts";

const DEVICES = 500;
const REGISTERS = 30;
const GATEWAY_CORES = [0] as const;
const PEER_CORES = [1] as const;
/** 30 000, 60 000, 100 000, 150 000, 200 000, 300 000 and 428 571 points each second */
const POLL_MS_STEPS = [500, 250, 150, 100, 75, 50, 35] as const;
/** A step that brings less than this of what was offered is beyond the end. */
const HOPELESS = 0.9;
const WORKING_MS = 60_000;
/** Of what is offered, how much must be acknowledged within the window: it cuts marks in flight at both ends. */
const EDGE = 0.98;
const WAITING_S_MAX = 2;

interface Step {
  readonly offered: number;
  readonly steady: SteadyState;
  readonly sustained: boolean;
}

export const fieldPeak: BenchCase = {
  name: "field-peak",
  about: "500 devices polled faster and faster, the whole gateway on one core, until polls are late",
  async run(context) {
    await using world = await openWorld(context.entry);
    await using devices = await startPeer<LoadReady, LoadCount>(LOAD_DEVICES, {
      devices: DEVICES,
    } satisfies LoadOptions);
    const pinned = pin(devices.pid, PEER_CORES) && pin(world.broker.pid, PEER_CORES);
    context.say(
      pinned ? "gateway on core 0, devices and broker on core 1" : "no taskset, or one core: nothing is pinned",
    );
    const { port } = devices.ready;
    const lean = await leanCpuPercent({ devices: DEVICES, registers: REGISTERS, pollMs: 500, port }, context.signal);
    const steps: Step[] = [];
    for (const pollMs of POLL_MS_STEPS) {
      const step = await runStep(world, { port, pollMs, pinned }, context);
      steps.push(step);
      if (step.steady.acknowledgedPerSecond < step.offered * HOPELESS) break;
    }
    return figures(steps, lean);
  },
};

async function runStep(
  world: World,
  { port, pollMs, pinned }: { readonly port: number; readonly pollMs: number; readonly pinned: boolean },
  { say, signal }: BenchContext,
): Promise<Step> {
  const offered = (DEVICES * REGISTERS * 1000) / pollMs;
  const buses = tcpBuses({ devices: DEVICES, registers: REGISTERS, pollMs, port });
  await using gateway = startGateway({
    ...world,
    folder: join(world.folder, `gw-${pollMs}`),
    config: configText({ broker: { port: world.broker.port, material: world.pki.gateway }, buses }),
    ...(pinned ? { cores: GATEWAY_CORES } : {}),
  });
  await gateway.until("working", working, { timeoutMs: WORKING_MS });
  const steady = await measureSteadyState(gateway, { warmUpMs: 15_000, rounds: 3, roundMs: 5_000, signal });
  const sustained =
    steady.acknowledgedPerSecond >= offered * EDGE &&
    steady.latePolls === 0 &&
    steady.dropped === 0 &&
    steady.waiting <= offered * WAITING_S_MAX &&
    median(steady.cpuPercent) <= 101; // a window's own rounding
  say(
    `${offered} points/s offered: ${steady.acknowledgedPerSecond.toFixed(0)}/s acknowledged, ` +
      `${median(steady.cpuPercent).toFixed(1)} % of a core, ${steady.latePolls} late, ${sustained ? "sustained" : "not sustained"}`,
  );
  return { offered, steady, sustained };
}

function figures(steps: readonly Step[], lean: number): readonly Figure[] {
  const best = steps.findLast((step) => step.sustained);
  const first = steps[0];
  const perCoreSecond = (step: Step): number =>
    (step.steady.acknowledgedPerSecond * 100) / median(step.steady.cpuPercent);
  return [
    {
      name: "sustained on one core",
      value: best?.steady.acknowledgedPerSecond ?? 0,
      unit: "points/s",
      atLeast: 30_000,
    },
    ...(first === undefined
      ? []
      : [
          {
            name: "CPU at 30 000 points/s",
            value: median(first.steady.cpuPercent),
            unit: "% of a core",
            atMost: 100,
            rounds: first.steady.cpuPercent,
            yardstick: { name: "node:net alone", value: lean },
          },
          { name: "late polls at 30 000 points/s", value: first.steady.latePolls, unit: "", atMost: 0 },
          { name: "points for one second of a core", value: perCoreSecond(first), unit: "" },
        ]),
    {
      name: "most acknowledged, sustained or not",
      value: Math.max(0, ...steps.map((step) => step.steady.acknowledgedPerSecond)),
      unit: "points/s",
    },
  ];
}
