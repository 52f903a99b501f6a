import { setTimeout as sleep } from "node:timers/promises";
import type { GatewayStatus } from "../../../agent/contract/status.ts";
import { cpuMs, pssMiB } from "../machine/process-stat.ts";
import type { Gateway } from "./gateway.ts";

export interface SteadyPlan {
  readonly warmUpMs: number;
  readonly rounds: number;
  readonly roundMs: number;
  readonly signal: AbortSignal;
}

/** What a gateway that does its job costs and brings, over some rounds after a warm-up. */
export interface SteadyState {
  /** of one core, all processes, one figure a round */
  readonly cpuPercent: readonly number[];
  /** all processes, at the end of each round */
  readonly pssMiB: readonly number[];
  /** by room, over all rounds */
  readonly cpuPercentByRoom: Readonly<Record<string, number>>;
  readonly pssMiBByRoom: Readonly<Record<string, number>>;
  readonly sampledPerSecond: number;
  readonly acknowledgedPerSecond: number;
  readonly marksAcknowledged: number;
  /** grown during the rounds */
  readonly latePolls: number;
  readonly dropped: number;
  readonly timeouts: number;
  /** before the first round: the start's own */
  readonly latePollsBefore: number;
  /** values that waited at the end */
  readonly waiting: number;
}

/** @throws {Error} where a process of the gateway ended meanwhile: what is left measures nothing */
export async function measureSteadyState(gateway: Gateway, plan: SteadyPlan): Promise<SteadyState> {
  await sleep(plan.warmUpMs, undefined, { signal: plan.signal });
  const before = await statusNow(gateway);
  const beforeMs = performance.now();
  const pids = gateway.processes();
  const rooms = roomPids(gateway);
  const roomCpuBefore = rooms.map(([, pid]) => cpuMs([pid]));
  const cpuPercent: number[] = [];
  const pss: number[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    const startMs = performance.now();
    const startCpuMs = cpuMs(pids);
    await sleep(plan.roundMs, undefined, { signal: plan.signal });
    cpuPercent.push(((cpuMs(pids) - startCpuMs) * 100) / (performance.now() - startMs));
    pss.push(pssMiB(pids));
  }
  const elapsedMs = performance.now() - beforeMs;
  const roomCpu = rooms.map(([name, pid], index) => [
    name,
    ((cpuMs([pid]) - (roomCpuBefore[index] ?? 0)) * 100) / elapsedMs,
  ]);
  if (gateway.processes().join() !== pids.join()) throw new Error(`a gateway process ended: ${gateway.log()}`);
  const after = await statusNow(gateway);
  const statusMs = performance.now() - beforeMs;
  const perSecond = (count: (status: GatewayStatus) => number): number =>
    ((count(after) - count(before)) * 1000) / statusMs;
  return {
    cpuPercent,
    pssMiB: pss,
    cpuPercentByRoom: Object.fromEntries(roomCpu) as Record<string, number>,
    pssMiBByRoom: Object.fromEntries(rooms.map(([name, pid]) => [name, pssMiB([pid])])),
    sampledPerSecond: perSecond((status) => status.field?.queue.sampled ?? 0),
    acknowledgedPerSecond: perSecond((status) => status.field?.queue.acknowledged ?? 0),
    marksAcknowledged: (after.uplink?.marksAcknowledged ?? 0) - (before.uplink?.marksAcknowledged ?? 0),
    latePolls: latePolls(after) - latePolls(before),
    latePollsBefore: latePolls(before),
    dropped: (after.field?.queue.dropped ?? 0) - (before.field?.queue.dropped ?? 0),
    timeouts: timeouts(after) - timeouts(before),
    waiting: after.field?.queue.values ?? 0,
  };
}

/** Online, and every device answered at least once. */
export function working(status: GatewayStatus): boolean {
  const devices = status.field?.buses.flatMap((bus) => bus.devices) ?? [];
  return status.uplink?.state === "online" && devices.length > 0 && devices.every((device) => device.online);
}

function roomPids(gateway: Gateway): readonly (readonly [string, number])[] {
  return [
    ["supervisor", gateway.pid],
    ["keeper", gateway.room("keeper")],
    ["field", gateway.room("field")],
    ["uplink", gateway.room("uplink")],
  ];
}

async function statusNow(gateway: Gateway): Promise<GatewayStatus> {
  const status = await gateway.status();
  if (status === undefined || status.field === null || status.uplink === null)
    throw new Error(`a room does not answer: ${gateway.log()}`);
  return status;
}

function sum(status: GatewayStatus, counter: "latePolls" | "timeouts"): number {
  return (status.field?.buses ?? []).reduce((total, bus) => total + bus.counters[counter], 0);
}
const latePolls = (status: GatewayStatus): number => sum(status, "latePolls");
const timeouts = (status: GatewayStatus): number => sum(status, "timeouts");
