import type { BusSnapshot } from "../../config/snapshot.ts";
import type { Fault } from "../../contract/fault.ts";
import type { BusStatus, DeviceStatus } from "../../contract/status.ts";
import { pointStatus } from "../points/status.ts";
import type { BusDevice } from "./bus-device.ts";
import type { BusyMeter } from "./busy-meter.ts";
import type { Counters } from "./counters.ts";

/** What a bus itself has to say. */
export interface BusState {
  readonly snapshot: BusSnapshot;
  readonly counters: Readonly<Counters>;
  readonly state: BusStatus["state"];
  readonly lastFault: Fault | undefined;
}

/** A bus as `holdfast status` shows it. */
export function busStatus(
  bus: BusState,
  devices: readonly BusDevice[],
  busy: BusyMeter,
  nowMs: number,
  withPoints: boolean,
): BusStatus {
  const { name, transport } = bus.snapshot;
  return {
    name,
    kind: kindOf(transport),
    target: transport.kind === "serial" ? transport.path : `${transport.host}:${transport.port}`,
    state: bus.state,
    loadPercent: busy.percent(nowMs),
    counters: { ...bus.counters },
    ...(bus.lastFault === undefined ? {} : { lastFault: bus.lastFault }),
    devices: devices.map((device) => deviceStatus(device, nowMs, withPoints)),
  };
}

function kindOf({ kind, framing }: BusSnapshot["transport"]): BusStatus["kind"] {
  if (kind === "serial") return framing;
  return framing === "mbap" ? "tcp" : `${framing}-over-tcp`;
}

function deviceStatus(device: BusDevice, nowMs: number, withPoints: boolean): DeviceStatus {
  const { snapshot, source, health } = device;
  return {
    name: snapshot.name,
    unit: snapshot.unit,
    online: source.online,
    timeouts: health.timeouts,
    exceptions: health.exceptions,
    invalidValues: source.invalidValues,
    replyMs: health.replyMs,
    ...(health.dead ? { probeInMs: Math.max(0, health.askAtMs - nowMs) } : {}),
    ...(health.lastFault === undefined ? {} : { lastFault: health.lastFault }),
    points: withPoints ? source.points.map(pointStatus) : [],
  };
}
