import { CELL_BYTES_MAX } from "../../../hal/storage/cell.ts";
import { FRAME_BYTES_MAX } from "../../contract/channel.ts";
import type { Path } from "../findings.ts";
import { quote } from "../quote.ts";
import type { BusSnapshot, FieldSnapshot, PointSnapshot, RecordSnapshot } from "../snapshot.ts";
import {
  ROSTER_POINT_BYTES,
  ROSTER_SOURCE_BYTES,
  TEXT_BYTES_MAX,
  alarmsRosterBytes,
  derivedRosterBytes,
  ioRosterBytes,
} from "../snapshot/local-roster.ts";
import type { Inquiry } from "./inquiry.ts";

/** Largest snapshot: it must fit in a cell and in one message between rooms, with what each puts around it. */
export const SNAPSHOT_BYTES_MAX = Math.min(CELL_BYTES_MAX, FRAME_BYTES_MAX) - 64 * 1024;
/**
 * The least that one metric takes in a Sparkplug birth beside its name and unit: alias, time, type, value, and quality
 * with its reason, which are most of it. A test holds this against what is encoded.
 */
export const BIRTH_METRIC_BYTES = 88;
/** The least that one value of a record takes there: tag, length, a small value. */
const BIRTH_CELL_BYTES = 4;
/** JSON of one member's declaration without its texts, and of its longest number. */
const ROSTER_MEMBER_BYTES = 48;
const ROSTER_VALUE_BYTES = 26;

/** A birth is one packet: Sparkplug does not let it be divided. */
export function checkBirths(bus: BusSnapshot, packetBytesMax: number, path: Path, inquiry: Inquiry): void {
  for (const [d, device] of bus.devices.entries()) {
    const bytes = device.points.reduce((sum, point) => sum + birthBytes(point), 0);
    if (bytes <= packetBytesMax) continue;
    const message = `the birth of ${quote(device.name)} takes at least ${bytes} bytes, a packet holds ${packetBytesMax}`;
    const hint = "raise packetBytesMax as far as the brokers take it, shorten the points' names, or leave some out";
    inquiry.say("CONFIG_BIRTH_SIZE", [...path, "devices", d, "points"], message, hint, "key");
  }
}

/** What is told between rooms in one message: the snapshot, and what exists with its latest values. */
export function checkSize(snapshotBytes: number, field: FieldSnapshot, inquiry: Inquiry): void {
  const bytes = Math.max(snapshotBytes, rosterBytesOf(field));
  if (bytes <= SNAPSHOT_BYTES_MAX) return;
  const message = `the file comes to ${bytes} bytes between the rooms, at most ${SNAPSHOT_BYTES_MAX} are taken`;
  inquiry.say("CONFIG_SIZE", ["buses"], message, "divide the plant between several gateways", "key");
}

function rosterBytesOf({ buses, derived, alarms, io }: FieldSnapshot): number {
  let bytes = 0;
  for (const { devices } of buses)
    for (const { points } of devices)
      bytes += points.reduce((sum, point) => sum + rosterBytes(point), ROSTER_SOURCE_BYTES);
  if (derived !== undefined) bytes += derivedRosterBytes(derived);
  if (alarms !== undefined) bytes += alarmsRosterBytes(alarms);
  return io === undefined ? bytes : bytes + ioRosterBytes(io.inputs);
}

function rosterBytes(point: PointSnapshot): number {
  if (point.type === "record") return ROSTER_POINT_BYTES + point.name.length + recordRosterBytes(point);
  const text = (point.unit?.length ?? 0) + (point.type === "string" ? point.count : 0);
  return ROSTER_POINT_BYTES + point.name.length + TEXT_BYTES_MAX * text;
}

/** What a record adds: how its members are declared, once, and their values, row after row. */
function recordRosterBytes({ template, members, rows, count }: RecordSnapshot): number {
  const declared = members.reduce(
    (sum, { name, unit }) => sum + ROSTER_MEMBER_BYTES + name.length + TEXT_BYTES_MAX * (unit?.length ?? 0),
    template?.length ?? 0,
  );
  return declared + ROSTER_VALUE_BYTES * members.length * (rows?.count ?? 1) + TEXT_BYTES_MAX * count;
}

function birthBytes(point: PointSnapshot): number {
  if (point.type !== "record") return BIRTH_METRIC_BYTES + textBytes(point.name, point.unit);
  const { members, rows, name, template } = point;
  const names = members.reduce((sum, member) => sum + textBytes(member.name, undefined), 0);
  const cells = BIRTH_CELL_BYTES * members.length * (rows?.count ?? 1);
  return BIRTH_METRIC_BYTES + textBytes(name, template) + names + cells;
}

function textBytes(name: string, more: string | undefined): number {
  return Buffer.byteLength(name) + Buffer.byteLength(more ?? "");
}
