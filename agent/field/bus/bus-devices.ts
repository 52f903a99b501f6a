import type { BusSnapshot } from "../../config/snapshot.ts";
import { planPolls } from "../../config/requests/plan.ts";
import type { DeviceSource } from "../points/device-source.ts";
import type { BusDevice } from "./bus-device.ts";
import { DeviceHealth } from "./device-health.ts";
import { Poll } from "./poll.ts";

/** First polls are spread over their period, but nobody waits longer than this for a first value. */
const SPREAD_MS_MAX = 2_000;

/**
 * The devices of a bus with their polls. One device's polls of one period stay together, so that they become one batch;
 * devices are spread over the period.
 * @param spread 0 to 1, of the whole bus
 */
export function busDevices(
  bus: BusSnapshot,
  sources: readonly DeviceSource[],
  startMs: number,
  spread: number,
): readonly BusDevice[] {
  return bus.devices.map((snapshot, place) => {
    const share = (spread + place / bus.devices.length) % 1;
    // nothing on a serial line, also behind a socket, says which request an answer belongs to
    const late = bus.transport.framing !== "mbap";
    const device: BusDevice = {
      snapshot,
      source: sources[place] as DeviceSource,
      health: new DeviceHealth(snapshot, late),
      polls: [],
    };
    for (const plan of planPolls(snapshot)) {
      device.polls.push(new Poll(device, plan, startMs + share * Math.min(plan.periodMs, SPREAD_MS_MAX)));
    }
    return device;
  });
}
