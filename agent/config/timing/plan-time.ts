import { planPolls, READ_FUNCTION } from "../requests/plan.ts";
import type { BusSnapshot, DeviceSnapshot, ScalarSnapshot } from "../snapshot.ts";
import type { PlanStep } from "../snapshot/outputs.ts";
import { exchangeMsMax, exchangeTime, readExchange, writeExchange } from "./exchange.ts";
import type { Exchange } from "./exchange.ts";
import { FIELD_START_MS, OPEN_MS, RESTART_PAUSE_MS, STORE_MS, TRIGGER_LOOK_MS } from "./restart.ts";

/** One step where it is written. */
export interface StepTime {
  readonly step: PlanStep;
  readonly device: DeviceSnapshot;
  /** with its wait: written and read back, each answered in the last moment */
  readonly worstMs: number;
  /** the write alone, answered or not */
  readonly writtenMs: number;
  /** each answered as soon as usual */
  readonly usualMs: number;
}

/** What the plan takes on one bus. */
export interface PlanTime {
  readonly bus: BusSnapshot;
  readonly steps: readonly StepTime[];
  /** the sum of the steps */
  readonly stepsMs: number;
  readonly usualMs: number;
  /** another request is under way when the plan becomes due, and a device that left it unanswered is let alone */
  readonly underWayMs: number;
  /**
   * after a death: one step may be lost to what the process before was still being answered. It is done again, after
   * every device that does not answer was asked once more
   */
  readonly againMs: number;
  readonly openMs: number;
  /** from a trigger to the last write on devices that answer */
  readonly fromTriggerMs: number;
  /** the same from the death of `field` */
  readonly fromDeathMs: number;
}

/** Buses without a step are left out. @param answerMs what each device usually takes to answer */
export function planTimes(
  buses: readonly BusSnapshot[],
  steps: readonly PlanStep[],
  answerMs = 0,
): readonly PlanTime[] {
  const wanted = new Map(steps.map((step) => [step.output, step] as const));
  return buses.flatMap((bus) => {
    const times = new Map<string, StepTime>();
    for (const device of bus.devices)
      for (const point of device.points) {
        const step = wanted.get(`${device.name}/${point.name}`);
        if (step === undefined || point.type === "record") continue;
        times.set(step.output, stepTime(bus, device, point, step, answerMs));
      }
    const inOrder = steps.flatMap(({ output }) => times.get(output) ?? []);
    return inOrder.length === 0 ? [] : [busTime(bus, inOrder)];
  });
}

function busTime(bus: BusSnapshot, steps: readonly StepTime[]): PlanTime {
  const stepsMs = sum(steps.map(({ worstMs }) => worstMs));
  const serial = bus.transport.kind === "serial";
  // an answer carries no number there, so that a late one could be taken for another
  const lateMs = bus.transport.framing !== "mbap" ? Math.max(...bus.devices.map((device) => device.lateReplyMs)) : 0;
  const underWayMs = longestMs(bus) + lateMs;
  const askedMs = Map.groupBy(steps, ({ device }) => device)
    .values()
    .map((of) => Math.max(...of.map(({ writtenMs }) => writtenMs)));
  const againMs = lateMs + sum([...askedMs]) + Math.max(...steps.map(({ worstMs }) => worstMs));
  const patienceMs = serial ? 0 : Math.max(...bus.devices.map(({ timeoutMs }) => timeoutMs));
  const openMs = OPEN_MS + patienceMs + (bus.connectPauseMs ?? 0);
  return {
    bus,
    steps,
    stepsMs,
    usualMs: sum(steps.map(({ usualMs }) => usualMs)),
    underWayMs,
    againMs,
    openMs,
    fromTriggerMs: TRIGGER_LOOK_MS + STORE_MS + (bus.closeAfterPolls === true ? openMs : 0) + underWayMs + stepsMs,
    // what was under way is over before another process has started, or is waited for by it
    fromDeathMs: Math.max(RESTART_PAUSE_MS + FIELD_START_MS, longestMs(bus)) + STORE_MS + openMs + stepsMs + againMs,
  };
}

function stepTime(
  bus: BusSnapshot,
  device: DeviceSnapshot,
  point: ScalarSnapshot,
  step: PlanStep,
  answerMs: number,
): StepTime {
  const write = writeExchange(point);
  const exchanges = [write, readExchange(readBack(device, point))];
  const usual = (exchange: Exchange): number => {
    const { busyMs, silenceMs } = exchangeTime(bus, device, exchange, answerMs);
    return busyMs + silenceMs;
  };
  return {
    step,
    device,
    worstMs: step.waitMs + sum(exchanges.map((exchange) => exchangeMsMax(bus, device, exchange))),
    writtenMs: exchangeMsMax(bus, device, write),
    usualMs: step.waitMs + sum(exchanges.map(usual)),
  };
}

function readBack({ unit }: DeviceSnapshot, { table, address, count }: ScalarSnapshot) {
  return { function: READ_FUNCTION[table], unit, address, count };
}

/** The longest that any one request may occupy the bus: a poll, or the write of a command. */
function longestMs(bus: BusSnapshot): number {
  const each = bus.devices.flatMap((device) => {
    const writes = device.points.flatMap((point) =>
      point.type === "record" || point.output === undefined ? [] : writeExchange(point),
    );
    const exchanges = [...planPolls(device).map(({ request }) => readExchange(request)), ...writes];
    return exchanges.map((exchange) => exchangeMsMax(bus, device, exchange));
  });
  return Math.max(0, ...each);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
