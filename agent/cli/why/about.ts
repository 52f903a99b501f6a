import type { FieldStatus, GatewayStatus } from "../../contract/status.ts";
import type { UplinkStatus } from "../../contract/uplink-status.ts";
import type { Trouble } from "./trouble.ts";

/** Every name a status knows, with what it is part of: a point of its device, a device of its bus, an alarm of the alarms. */
type Wholes = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The troubles of what has this name and of its parts; where none of them is red, also those of what it is part of: whoever
 * asks for a point of a device on a bus that is down hears of the bus. Undefined where nothing has this name.
 */
export function about(status: GatewayStatus, all: readonly Trouble[], name: string): readonly Trouble[] | undefined {
  const wholes = wholesOf(status);
  for (const { subject } of all) if (!wholes.has(subject)) wholes.set(subject, new Set());
  if (!wholes.has(name)) {
    // what only a room that is away could know
    const away = all.filter(({ code }) => code === "ROOM_AWAY");
    return away.length === 0 ? undefined : away;
  }
  const own = all.filter(({ subject }) => subject === name || partOf(subject, name, wholes));
  if (own.some(({ severity }) => severity === "red")) return own;
  return [...all.filter(({ subject }) => partOf(name, subject, wholes)), ...own];
}

/** Names that may have been meant. */
export function namesOf(status: GatewayStatus): readonly string[] {
  return [...wholesOf(status).keys()];
}

function partOf(part: string, whole: string, wholes: Wholes): boolean {
  for (const next of wholes.get(part) ?? []) if (next === whole || partOf(next, whole, wholes)) return true;
  return false;
}

function wholesOf({ field, uplink }: GatewayStatus): Map<string, Set<string>> {
  const wholes = new Map(ROOTS.map((name) => [name, new Set<string>()]));
  const put = (part: string, whole: string | undefined): void => {
    const known = wholes.get(part) ?? new Set<string>();
    wholes.set(part, known);
    // a bus may have the name of a device; nothing is part of itself, however far around
    if (whole !== undefined && whole !== part && !partOf(whole, part, wholes)) known.add(whole);
  };
  if (field !== null) putField(field, put);
  if (uplink !== null) putUplink(uplink, put);
  return wholes;
}

/** The words at the left edge of the screen, and what stands behind two of them. */
const ROOTS = ["config", "uplink", "field", "outputs", "alarms", "io", "plan", "queue", "clock"];

type Put = (part: string, whole?: string) => void;

function putField({ buses, local = [], outputs, alarms, io }: FieldStatus, put: Put): void {
  put("queue", "field");
  put("clock", "field");
  put("plan", "outputs");
  for (const { name: bus, devices } of buses) {
    put(bus);
    for (const { name: device, points } of devices) {
      put(device, bus);
      for (const { name } of points) put(`${device}/${name}`, device);
    }
  }
  for (const { name: source, points } of local) {
    put(source);
    for (const { name } of points) put(`${source}/${name}`, source);
    // an alarm that is normal is listed nowhere else
    if (alarms !== undefined) for (const { name } of points) put(name);
  }
  for (const { output } of outputs?.outputs ?? []) {
    put(output, output.slice(0, output.indexOf("/")));
    put(output, "outputs");
  }
  for (const { name } of alarms?.shown ?? []) put(name, "alarms");
  for (const { name } of io?.inputs ?? []) put(name, "io");
  if (io?.relay !== undefined) put("relay", "io");
}

function putUplink({ brokers, broker, notify = [], modbusServer }: UplinkStatus, put: Put): void {
  for (const address of [broker, ...brokers.map((one) => one.address)]) if (address !== "") put(address, "uplink");
  for (const { name } of notify) put(name, "uplink");
  if (modbusServer !== undefined) put("modbus-server", "uplink");
}
