import type { BusSnapshot, RecordSnapshot, ScalarSnapshot } from "../../config/snapshot.ts";
import { QUALITIES } from "../../contract/point.ts";
import type { Fault } from "../../contract/fault.ts";
import type { BusStatus, DeviceStatus, PointStatus } from "../../contract/status.ts";
import type { PointState } from "../points/source.ts";
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
    kind: transport.kind,
    target: transport.kind === "rtu" ? transport.path : `${transport.host}:${transport.port}`,
    state: bus.state,
    loadPercent: busy.percent(nowMs),
    counters: { ...bus.counters },
    ...(bus.lastFault === undefined ? {} : { lastFault: bus.lastFault }),
    devices: devices.map((device) => deviceStatus(device, nowMs, withPoints)),
  };
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

function pointStatus(point: PointState): PointStatus {
  const { snapshot } = point;
  const { name, type } = snapshot;
  const { quality, reason } = QUALITIES[point.quality] as (typeof QUALITIES)[number];
  return {
    name,
    type,
    ...(snapshot.type === "record" ? membersOf(snapshot) : unitAndOutput(snapshot)),
    value: point.value,
    quality,
    reason,
    timeMs: point.timeMs,
    sequence: point.sequence,
  };
}

function unitAndOutput({ unit, output }: ScalarSnapshot): Pick<PointStatus, "unit" | "output"> {
  return { ...(unit === undefined ? {} : { unit }), ...(output === undefined ? {} : { output: true }) };
}

function membersOf({ members }: RecordSnapshot): Pick<PointStatus, "members"> {
  return { members: members.map(({ name, unit }) => ({ name, ...(unit === undefined ? {} : { unit }) })) };
}
