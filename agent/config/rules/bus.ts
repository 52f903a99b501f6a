import type { Path } from "../findings.ts";
import { hostKind, hostHint } from "../host.ts";
import type { Loose } from "../loose.ts";
import { quote } from "../quote.ts";
import type { Bus } from "../schema/bus.ts";
import type { Inquiry } from "./inquiry.ts";
import { checkListenOnly } from "./listen-only.ts";
import { checkRequests } from "./requests.ts";

const SERIAL_UNIT_MAX = 247;
/** Numbered in the order in which they were plugged in: after a restart another machine may stand behind the number. */
const UNSTABLE_PATH = /^\/dev\/tty(?:USB|ACM)\d+$/u;

const KINDS = ["rtu", "ascii", "tcp"] as const;

/** What holds for one bus: how it is reached, and who is on it. */
export function checkBus(bus: Loose<Bus>, path: Path, inquiry: Inquiry): void {
  const kinds = KINDS.filter((kind) => Object.hasOwn(bus, kind));
  const last = kinds.at(-1);
  if (last !== undefined && kinds.length > 1) {
    const message = `the bus has ${kinds.length > 2 ? "all of" : "both"} ${kinds.join(" and ")}, exactly one is wanted`;
    inquiry.say("CONFIG_TRANSPORT", [...path, last], message, "delete one, or make two buses of it", "key");
  } else if (last === undefined && inquiry.whole(bus)) {
    const hint = "add `rtu:` or `ascii:` with a path, or `tcp:` with a host";
    inquiry.say("CONFIG_TRANSPORT", path, "the bus has none of rtu, ascii and tcp, exactly one is wanted", hint, "key");
  }
  for (const kind of ["rtu", "ascii"] as const) {
    const serialPath = bus[kind]?.path;
    if (serialPath === undefined || !UNSTABLE_PATH.test(serialPath)) continue;
    const message = `${quote(serialPath)} is numbered in the order of plugging in: after a restart it may be another device`;
    const hint = "write the adapter's name from `ls -l /dev/serial/by-id` (or by-path)";
    inquiry.say("CONFIG_UNSTABLE_PATH", [...path, kind, "path"], message, hint);
  }
  const host = bus.tcp?.host;
  if (host !== undefined && hostKind(host) === undefined) {
    const message = `${quote(host)} is neither a host name nor an address`;
    inquiry.say("CONFIG_HOST", [...path, "tcp", "host"], message, hostHint(host));
  }
  if (kinds.length === 1) checkKind(bus, last !== "tcp", path, inquiry);
  checkUnits(bus, path, inquiry);
  checkListenOnly(bus, path, inquiry);
  for (const [d, device] of (bus.devices ?? []).entries()) {
    if (device !== undefined) checkRequests(device, [...path, "devices", d], inquiry);
  }
}

/** Unit ids that a serial line has, and keys that only a serial line has: also at the far end of a socket. */
function checkKind(bus: Loose<Bus>, ownLine: boolean, path: Path, inquiry: Inquiry): void {
  const { framing } = bus.tcp ?? {};
  const serial = ownLine || framing === "rtu" || framing === "ascii";
  if (ownLine && bus.closeAfterPolls === true) {
    const message = '"closeAfterPolls" has no effect on a serial line: it is for sockets';
    inquiry.say("CONFIG_KEY_MEANINGLESS", [...path, "closeAfterPolls"], message, "delete the line", "key");
  }
  const meaningless = (at: Path, key: string): void => {
    const message = `${quote(key)} has no effect over TCP: it is for serial lines`;
    inquiry.say("CONFIG_KEY_MEANINGLESS", [...at, key], message, "delete the line", "key");
  };
  if (!serial && bus.turnaroundMs !== undefined) meaningless(path, "turnaroundMs");
  if (!serial && bus.broadcast === true) meaningless(path, "broadcast");
  for (const [d, device] of (bus.devices ?? []).entries()) {
    const at = [...path, "devices", d];
    const unit = device?.unit;
    if (!serial && device?.lateReplyMs !== undefined) meaningless(at, "lateReplyMs");
    if (!serial || unit === undefined || (unit >= 1 && unit <= SERIAL_UNIT_MAX)) continue;
    const why = unit === 0 ? "the broadcast address, which nobody answers" : "reserved";
    const message = `unit ${unit} on a serial line is ${why}; 1 to ${SERIAL_UNIT_MAX} is wanted`;
    inquiry.say("CONFIG_SERIAL_UNIT", [...at, "unit"], message, "write the unit id that is set at the device");
  }
}

function checkUnits(bus: Loose<Bus>, path: Path, inquiry: Inquiry): void {
  const taken = new Map<number, number>();
  for (const [d, device] of (bus.devices ?? []).entries()) {
    const unit = device?.unit;
    if (unit === undefined) continue;
    const earlier = taken.get(unit);
    if (earlier === undefined) {
      taken.set(unit, d);
      continue;
    }
    const name = bus.devices?.[earlier]?.name;
    const owner = name === undefined ? `devices[${earlier}]` : quote(name);
    const free = Array.from({ length: SERIAL_UNIT_MAX }, (_, index) => index + 1).find((id) => !usesUnit(bus, id));
    const message = `unit ${unit} is already ${owner} on this bus`;
    const hint = `write the unit id that is set at this device${free === undefined ? "" : ` (${free} is free)`}, or put all its points under one device`;
    inquiry.say("CONFIG_UNIT_DUPLICATE", [...path, "devices", d, "unit"], message, hint);
  }
}

function usesUnit(bus: Loose<Bus>, unit: number): boolean {
  return bus.devices?.some((device) => device?.unit === unit) === true;
}
