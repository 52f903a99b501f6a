import { characterMs } from "../../../hal/serial.ts";
import type { Path } from "../findings.ts";
import { isBitTable } from "../point-size.ts";
import type { BusSnapshot, DeviceSnapshot, SerialTransport } from "../snapshot.ts";
import type { Inquiry } from "./inquiry.ts";
import { leastRequests } from "./requests.ts";

/** Unit id, function, first address, count, CRC. */
const REQUEST_CHARS = 8;
/** Unit id, function, byte count, CRC; the data comes on top. */
const REPLY_CHARS = 5;
const T35_CHARS = 3.5;
/** Above 19 200 baud the silence between frames no longer shrinks. @see Modbus over serial line V1.02 §2.5.1.1 */
const T35_FIXED_ABOVE_BAUD = 19_200;
const T35_FIXED_MS = 1.75;
/** No exchange over TCP is shorter than this, not even on loopback. */
const TCP_EXCHANGE_MS = 0.1;
/** Share of the line's time that polling may plan with: devices need time to answer, and some ask twice. */
const COMFORTABLE_LOAD = 0.8;

/** What a right bus adds up to: it must be possible in the time there is, if every device answered at once. */
export function checkBudget(bus: BusSnapshot, path: Path, inquiry: Inquiry): void {
  const { transport } = bus;
  let load = 0;
  for (const [d, device] of bus.devices.entries()) {
    checkMerge(device, [...path, "devices", d], inquiry);
    for (const request of leastRequests(device)) {
      const wireMs = transport.kind === "serial" ? exchangeMs(transport, request.bytes) : TCP_EXCHANGE_MS;
      load += (wireMs + device.requestGapMs) / request.pollMs;
    }
  }
  if (load <= 1) return;
  const where = transport.kind === "serial" ? `${transport.baudRate} baud` : "one socket";
  const message = `polling needs ${Math.ceil(load * 100)} % of the time there is at ${where}, even if every device answers at once`;
  const slower = Math.ceil((load / COMFORTABLE_LOAD) * 10) / 10;
  const serial = transport.kind === "serial" ? ", a higher baudRate" : "";
  const hint = `multiply pollMs by ${slower}, allow \`merge\`${serial}, or divide the devices between several buses`;
  inquiry.say("CONFIG_POLL_IMPOSSIBLE", [...path, "devices"], message, hint, "key");
}

function exchangeMs(line: SerialTransport, bytes: number): number {
  const character = characterMs(line);
  const silence = line.baudRate > T35_FIXED_ABOVE_BAUD ? T35_FIXED_MS : T35_CHARS * character;
  return (REQUEST_CHARS + REPLY_CHARS + bytes) * character + 2 * silence;
}

function checkMerge(device: DeviceSnapshot, path: Path, inquiry: Inquiry): void {
  const { merge } = device;
  if (merge === undefined) return;
  for (const [p, point] of device.points.entries()) {
    if (isBitTable(point.table) || point.count <= merge.registersMax) continue;
    const message = `this ${point.type} takes ${point.count} registers, and the device allows ${merge.registersMax} in one request`;
    const hint = `write at least \`registersMax: ${point.count}\`, or leave the point out`;
    inquiry.say("CONFIG_MERGE_LIMIT", [...path, "points", p], message, hint, "key");
  }
}
