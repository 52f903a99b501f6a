import { planPolls } from "../requests/plan.ts";
import type { PollPlan } from "../requests/plan.ts";
import type { BusSnapshot, DeviceSnapshot } from "../snapshot.ts";
import { exchangeTime, readExchange } from "./exchange.ts";

/** One request that is sent again and again. */
export interface RequestLoad {
  readonly plan: PollPlan;
  /** of the line or socket, each time: with the silence before it */
  readonly tookMs: number;
  /** of all the time there is */
  readonly percent: number;
}

export interface DeviceLoad {
  readonly device: DeviceSnapshot;
  readonly requests: readonly RequestLoad[];
  readonly percent: number;
}

/** How full a bus is with nothing but polling, all devices answering. */
export interface BusLoad {
  readonly bus: BusSnapshot;
  readonly devices: readonly DeviceLoad[];
  /** with the silences between frames: at 100 nothing more fits */
  readonly percent: number;
  /** without them, as `status` measures it */
  readonly busyPercent: number;
  readonly requestsPerSecond: number;
}

/** @param answerMs what each device takes to answer, beyond the line's own silence; 0 for the least possible */
export function busLoad(bus: BusSnapshot, answerMs: number): BusLoad {
  let [percent, busyPercent, requestsPerSecond] = [0, 0, 0];
  const devices = bus.devices.map((device): DeviceLoad => {
    const requests = planPolls(device).map((plan): RequestLoad => {
      const { busyMs, silenceMs } = exchangeTime(bus, device, readExchange(plan.request), answerMs);
      busyPercent += (100 * busyMs) / plan.periodMs;
      requestsPerSecond += 1_000 / plan.periodMs;
      return { plan, tookMs: busyMs + silenceMs, percent: (100 * (busyMs + silenceMs)) / plan.periodMs };
    });
    const share = requests.reduce((sum, request) => sum + request.percent, 0);
    percent += share;
    return { device, requests, percent: share };
  });
  return { bus, devices, percent, busyPercent, requestsPerSecond };
}
