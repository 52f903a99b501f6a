import { CELL_BYTES_MAX } from "../../../hal/storage/cell.ts";
import { FRAME_BYTES_MAX } from "../../contract/channel.ts";
import type { Path } from "../findings.ts";
import { quote } from "../quote.ts";
import type { BusSnapshot, DeviceSnapshot, PointSnapshot } from "../snapshot.ts";
import type { Inquiry } from "./inquiry.ts";

/** Largest snapshot: it must fit in a cell and in one message between rooms, with what each puts around it. */
export const SNAPSHOT_BYTES_MAX = Math.min(CELL_BYTES_MAX, FRAME_BYTES_MAX) - 64 * 1024;
/** JSON of one point in a roster without its texts: keys, range, the longest numbers, quality, time. */
const ROSTER_POINT_BYTES = 220;
/** JSON of one source without its points: two names, whether it answers. */
const ROSTER_SOURCE_BYTES = 256;
/** Text in JSON, at most: every byte of it may need a backslash, every character four bytes. */
const TEXT_BYTES_MAX = 4;
/** The least that one metric takes in a Sparkplug birth beside its name and unit: alias, time, type, value, quality. */
const BIRTH_METRIC_BYTES = 30;

/** A birth is one packet: Sparkplug does not let it be divided. */
export function checkBirths(bus: BusSnapshot, packetBytesMax: number, path: Path, inquiry: Inquiry): void {
  for (const [d, device] of bus.devices.entries()) {
    const bytes = device.points.reduce((sum, point) => sum + BIRTH_METRIC_BYTES + textBytes(point), 0);
    if (bytes <= packetBytesMax) continue;
    const message = `the birth of ${quote(device.name)} takes at least ${bytes} bytes, a packet holds ${packetBytesMax}`;
    const hint = "raise uplink.broker.packetBytesMax, shorten the points' names, or leave some out";
    inquiry.say("CONFIG_BIRTH_SIZE", [...path, "devices", d, "points"], message, hint, "key");
  }
}

/** What is told between rooms in one message: the snapshot, and what exists with its latest values. */
export function checkSize(snapshotBytes: number, devices: readonly DeviceSnapshot[], inquiry: Inquiry): void {
  const roster = devices.reduce(
    (sum, device) => device.points.reduce((points, point) => points + rosterBytes(point), sum + ROSTER_SOURCE_BYTES),
    0,
  );
  const bytes = Math.max(snapshotBytes, roster);
  if (bytes <= SNAPSHOT_BYTES_MAX) return;
  const message = `the file comes to ${bytes} bytes between the rooms, at most ${SNAPSHOT_BYTES_MAX} are taken`;
  inquiry.say("CONFIG_SIZE", ["buses"], message, "divide the plant between several gateways", "key");
}

function rosterBytes(point: PointSnapshot): number {
  const text = (point.unit?.length ?? 0) + (point.type === "string" ? point.count : 0);
  return ROSTER_POINT_BYTES + point.name.length + TEXT_BYTES_MAX * text;
}

function textBytes(point: PointSnapshot): number {
  return Buffer.byteLength(point.name) + Buffer.byteLength(point.unit ?? "");
}
