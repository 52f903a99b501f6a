import type { BusStatus, DeviceStatus, FieldStatus, PointStatus } from "../../contract/status.ts";
import { EVIDENCE } from "../words/evidence.ts";
import type { Say } from "../words/phrase.ts";
import type { Trouble } from "./trouble.ts";

/** What is wrong on lines and sockets, with devices and their points. A device on a bus that is down has no trouble of its own. */
export function fieldTroubles({ queue, clockTrust, buses, local = [] }: FieldStatus): readonly Trouble[] {
  return [
    ...queueTrouble(queue),
    ...(clockTrust === "untrusted"
      ? [trouble("clock", "CLOCK_UNTRUSTED", "yellow", (say) => [say(EVIDENCE.clock, { trust: clockTrust })])]
      : []),
    ...buses.flatMap(busTroubles),
    ...local.flatMap(({ name, points }) => points.flatMap((point) => pointTroubles(name, point))),
  ];
}

function queueTrouble({ dropped, values, valuesMax }: FieldStatus["queue"]): readonly Trouble[] {
  if (dropped === 0) return [];
  return [
    trouble("queue", "QUEUE_DROPPED", "red", (say) => [say(EVIDENCE.queue, { dropped, values, max: valuesMax })]),
  ];
}

function busTroubles(bus: BusStatus): readonly Trouble[] {
  const { name, state, lastFault, counters, loadPercent } = bus;
  // a resting socket is closed on purpose until something is due
  if (state !== "open" && state !== "resting") {
    const code = lastFault?.code ?? "BUS_OPENING";
    const evidence = (say: Say) => [
      say(EVIDENCE.state, { state }),
      ...(lastFault === undefined ? [] : [lastFault.message]),
    ];
    return [{ ...trouble(name, code, "red", evidence), ...since(lastFault?.timeMs) }];
  }
  const late = trouble(name, "BUS_LATE", "yellow", (say) => [
    say(EVIDENCE.late, { late: counters.latePolls, load: loadPercent.toFixed(0) }),
  ]);
  return [
    ...(loadPercent >= FULL_PERCENT && counters.latePolls > 0 ? [late] : []),
    ...bus.devices.flatMap((device) => deviceTroubles(device, bus)),
  ];
}

/** A bus that is busy for so much of its time has none left for what goes wrong. */
const FULL_PERCENT = 95;

function deviceTroubles(device: DeviceStatus, bus: BusStatus): readonly Trouble[] {
  const { name, online, lastFault, invalidValues, points } = device;
  if (!online) {
    const code = lastFault?.code ?? "DEVICE_NO_REPLY";
    return [{ ...trouble(name, code, "red", (say) => silence(device, bus, say)), ...since(lastFault?.timeMs) }];
  }
  const invalid = trouble(name, "DEVICE_INVALID_VALUES", "yellow", (say) => [
    say(EVIDENCE.invalid, { count: invalidValues }),
  ]);
  return [...(invalidValues > 0 ? [invalid] : []), ...points.flatMap((point) => pointTroubles(name, point))];
}

function silence(
  { timeouts, exceptions, probeInMs, lastFault, name }: DeviceStatus,
  bus: BusStatus,
  say: Say,
): readonly string[] {
  const others = bus.devices.filter((other) => other.name !== name);
  const online = others.filter((other) => other.online).length;
  const facts = { online, total: others.length, bus: bus.name };
  return [
    ...(lastFault === undefined ? [] : [lastFault.message]),
    say(EVIDENCE.counted, { timeouts, exceptions }),
    ...(others.length === 0 ? [] : [say(online === 0 ? EVIDENCE.noneOfOthers : EVIDENCE.ofOthers, facts)]),
    ...(probeInMs === undefined ? [] : [say(EVIDENCE.askedAgain, { seconds: (probeInMs / 1_000).toFixed(1) })]),
  ];
}

function pointTroubles(device: string, { name, quality, reason }: PointStatus): readonly Trouble[] {
  if (quality !== "bad" && quality !== "stale") return [];
  const code = quality === "bad" ? "POINT_BAD" : "POINT_STALE";
  return [trouble(`${device}/${name}`, code, "red", (say) => [say(EVIDENCE.quality, { quality, reason })])];
}

export function trouble(
  subject: string,
  code: string,
  severity: Trouble["severity"],
  evidence: Trouble["evidence"],
): Trouble {
  return { subject, code, severity, evidence };
}

export function since(timeMs: number | undefined): Pick<Trouble, "sinceMs"> {
  return timeMs === undefined ? {} : { sinceMs: timeMs };
}
