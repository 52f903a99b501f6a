import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import type { BenchCase, BenchContext, Figure } from "../bench-case.ts";
import { configText, rtuBus } from "../gateway/config-text.ts";
import { startGateway } from "../gateway/gateway.ts";
import { working } from "../gateway/steady-state.ts";
import { openWorld } from "../gateway/world.ts";
import type { World } from "../gateway/world.ts";
import { startPeer } from "../machine/peer.ts";
import { median } from "../median.ts";
import type { RtuCount, RtuOptions, RtuReady } from "../peers/rtu-devices.process.ts";
import { efficiencies, pollMs, REGISTERS, REPLY_DELAY_MS, silencesViolated, UNITS } from "./line-arithmetic.ts";
import type { Exchange } from "./line-arithmetic.ts";
import { virtualExchanges } from "./serial-virtual.ts";

const BAUD_RATES = [9_600, 115_200] as const;
/** The real line that must be used well; at 115 200 a timer's own millisecond is most of what there is to lose. */
const JUDGED_BAUD_RATE = 9_600;
const AT_LEAST_PERCENT = 90;
const RTU_DEVICES = join(import.meta.dirname, "..", "peers", "rtu-devices.process.ts");
const WORKING_MS = 30_000;
const WARM_UP_MS = 3_000;
const WINDOW_MS = 15_000;

export const serial: BenchCase = {
  name: "serial",
  about: `share of a saturated line's time that is used: ${REGISTERS} registers a request, devices that take ${REPLY_DELAY_MS} ms`,
  async run(context) {
    const figures: Figure[] = [];
    for (const baudRate of BAUD_RATES) {
      figures.push(...judged(`${baudRate} baud, virtual time`, await virtualExchanges(baudRate), baudRate, true));
      context.say(`${baudRate} baud in virtual time done`);
    }
    await using world = await openWorld(context.entry);
    for (const baudRate of BAUD_RATES) {
      const exchanges = await realExchanges(world, baudRate, context);
      figures.push(...judged(`${baudRate} baud, pty`, exchanges, baudRate, baudRate === JUDGED_BAUD_RATE));
      context.say(`${baudRate} baud over a pty done`);
    }
    return figures;
  },
};

/** `holdfast run` on a pty whose other end is paced by the baud rate, in another process. */
async function realExchanges(world: World, baudRate: number, { signal }: BenchContext): Promise<readonly Exchange[]> {
  await using devices = await startPeer<RtuReady, RtuCount>(RTU_DEVICES, { baudRate } satisfies RtuOptions);
  const bus = rtuBus({
    path: devices.ready.path,
    baudRate,
    units: UNITS,
    registers: REGISTERS,
    pollMs: pollMs(baudRate),
  });
  await using gateway = startGateway({
    ...world,
    folder: join(world.folder, `gw-${baudRate}`),
    config: configText({ broker: { port: world.broker.port, material: world.pki.gateway }, buses: [bus] }),
  });
  await gateway.until("working", working, { timeoutMs: WORKING_MS });
  await sleep(WARM_UP_MS, undefined, { signal });
  await devices.ask("forget");
  await sleep(WINDOW_MS, undefined, { signal });
  return (await devices.ask("exchanges")).exchanges;
}

function judged(name: string, exchanges: readonly Exchange[], baudRate: number, judge: boolean): readonly Figure[] {
  const shares = efficiencies(exchanges, baudRate);
  return [
    {
      name: `line used, ${name}`,
      value: median(shares),
      unit: "%",
      ...(judge ? { atLeast: AT_LEAST_PERCENT } : {}),
      yardstick: { name: "cycles", value: shares.length },
    },
    {
      name: `T3.5 violated, ${name}`,
      value: silencesViolated(exchanges, baudRate),
      unit: "",
      ...(judge ? { atMost: 0 } : {}),
    },
  ];
}
