import type { FieldSnapshot } from "../../config/snapshot.ts";
import { FRAME_BYTES_MAX } from "../../contract/channel.ts";
import { POINTS_PER_SOURCE_MAX, SOURCES_MAX } from "../../contract/telemetry.ts";
import { checkAlarms } from "./check-alarms.ts";
import { checkDerived } from "./check-derived.ts";
import { checkExpressionTotal } from "./check-expression.ts";
import { checkIo } from "./check-io.ts";
import { checkListening } from "./check-listening.ts";
import { checkOutputsAndPlan } from "./check-plan.ts";
import { checkPoint } from "./check-point.ts";
import { checkRequests } from "./check-requests.ts";
import { checkShown } from "./check-shown.ts";
import { NAME } from "./check-value.ts";
import { Fields } from "./fields.ts";
import { ConfigurationError } from "./refusal.ts";

const DAY_MS = 86_400_000;
const SOURCE_OVERHEAD_BYTES = 256;

/**
 * The door of `field`: the compiled configuration as it comes from another process or from disk, checked for everything
 * that polling relies on. The command line has checked it before, with better words; whoever took over `keeper` has not.
 * @throws {ConfigurationError}
 */
export function checkFieldSnapshot(offered: unknown): FieldSnapshot {
  const field = new Fields(offered, "field");
  field.text("site", NAME);
  field.text("device", NAME);
  field.integer("queueValuesMax", 1_000, 10_000_000);
  const buses = unique("CONFIG_NAME_DUPLICATE");
  const sources = unique("CONFIG_NAME_DUPLICATE");
  const lines = unique("CONFIG_LINE_DUPLICATE");
  let rosterBytes = 0;
  let sourceCount = 0;
  for (const bus of field.list("buses", SOURCES_MAX)) {
    buses(bus, bus.text("name", NAME));
    const serial = checkTransport(bus.object("transport"), lines);
    bus.integer("turnaroundMs", 0, 10_000);
    bus.boolean("broadcast");
    if (bus.has("connectPauseMs")) bus.integer("connectPauseMs", 1, 60_000);
    if (bus.has("closeAfterPolls")) bus.oneOf("closeAfterPolls", [true]);
    const units = unique("CONFIG_UNIT_DUPLICATE");
    const devices = bus.list("devices", SOURCES_MAX);
    checkListening(bus, devices);
    sourceCount += devices.length;
    for (const device of devices) {
      sources(device, device.text("name", NAME));
      // unit 0 of a serial line is everybody
      units(device, device.integer("unit", serial ? 1 : 0, serial ? 247 : 255));
      rosterBytes += checkDevice(device);
    }
  }
  if (field.has("io")) {
    const io = field.object("io");
    const { device, rosterBytesMax } = checkIo(io);
    sources(io, device);
    sourceCount += 1;
    rosterBytes += rosterBytesMax;
  }
  for (const [part, check] of [
    ["derived", checkDerived],
    ["alarms", checkAlarms],
  ] as const) {
    if (!field.has(part)) continue;
    const { device, rosterBytesMax } = check(field.object(part));
    sources(field.object(part), device);
    sourceCount += 1;
    rosterBytes += rosterBytesMax;
  }
  checkShown(field);
  checkOutputsAndPlan(field);
  checkExpressionTotal(offered);
  if (sourceCount > SOURCES_MAX || rosterBytes > FRAME_BYTES_MAX) {
    const size = `${sourceCount} devices, up to ${rosterBytes} bytes of roster`;
    throw new ConfigurationError("CONFIG_TOO_LARGE", `${size}; ${SOURCES_MAX} and ${FRAME_BYTES_MAX} are the limits`);
  }
  return offered as FieldSnapshot;
}

/** True for a serial line, also one behind a socket. */
function checkTransport(transport: Fields, lines: (where: Fields, name: string) => void): boolean {
  if (transport.oneOf("kind", ["serial", "tcp"]) === "tcp") {
    const framing = transport.oneOf("framing", ["mbap", "rtu", "ascii"]);
    transport.text("host", /^[^\s/]{1,255}$/u);
    transport.integer("port", 1, 65_535);
    if (transport.has("interfaceName")) transport.text("interfaceName", /^[^\s/]{1,15}$/u);
    return framing !== "mbap";
  }
  lines(transport, transport.text("path", /^\/[^\0]{1,254}$/u));
  transport.integer("baudRate", 300, 4_000_000);
  transport.oneOf("parity", ["none", "even", "odd"]);
  const framing = transport.oneOf("framing", ["rtu", "ascii"]);
  // RTU needs all eight: with seven, half of its bytes would be others
  transport.oneOf("dataBits", framing === "ascii" ? [7, 8] : [8]);
  transport.oneOf("stopBits", [1, 2]);
  return true;
}

/** Bytes of the device in a roster, at most. */
function checkDevice(device: Fields): number {
  device.integer("pollMs", 20, DAY_MS);
  device.integer("timeoutMs", 10, 60_000);
  device.integer("lateReplyMs", 0, 120_000);
  device.integer("requestGapMs", 0, 10_000);
  device.integer("probeMsMax", 1_000, 3_600_000);
  const names = unique("CONFIG_NAME_DUPLICATE");
  const points = device.list("points", POINTS_PER_SOURCE_MAX);
  if (points.length === 0) throw new ConfigurationError("CONFIG_SNAPSHOT_MALFORMED", `${device.where} has no point`);
  let bytes = SOURCE_OVERHEAD_BYTES;
  for (const point of points) {
    const { name, rosterBytesMax } = checkPoint(point);
    names(point, name);
    bytes += rosterBytesMax;
  }
  checkRequests(device);
  checkLossTimer(device);
  return bytes;
}

function checkLossTimer(device: Fields): void {
  if (!device.has("communicationLossTimer")) return;
  const timer = device.object("communicationLossTimer");
  if (timer.has("point")) timer.text("point", NAME);
  else timer.oneOf("none", [true]);
}

function unique(
  code: "CONFIG_NAME_DUPLICATE" | "CONFIG_UNIT_DUPLICATE" | "CONFIG_LINE_DUPLICATE",
): (where: Fields, name: string | number) => void {
  const seen = new Map<string | number, string>();
  return ({ where }, name) => {
    const first = seen.get(name);
    if (first !== undefined) throw new ConfigurationError(code, `${where}: ${name} is taken by ${first}`);
    seen.set(name, where);
  };
}
