import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import { isBitTable } from "../point-size.ts";
import { quote } from "../quote.ts";
import type { Device } from "../schema/device.ts";
import type { Requests } from "../schema/requests.ts";
import type { DeviceSnapshot } from "../snapshot.ts";
import { checkBlocks } from "./blocks.ts";
import type { Inquiry } from "./inquiry.ts";

/** What holds for how a device's points are read, as the file has it. @param path of the device */
export function checkRequests(device: Loose<Device>, path: Path, inquiry: Inquiry): void {
  if (device.busyRetryMs !== undefined && (device.busyRetries ?? 0) === 0) {
    const message = '"busyRetryMs" has no effect without busyRetries';
    inquiry.say(
      "CONFIG_KEY_MEANINGLESS",
      [...path, "busyRetryMs"],
      message,
      "add `busyRetries: 3`, or delete it",
      "key",
    );
  }
  const { requests } = device;
  if (requests === undefined) return;
  checkMeaning(requests, [...path, "requests"], inquiry);
  checkBlocks(device, path, inquiry);
}

function checkMeaning(requests: Loose<Requests>, path: Path, inquiry: Inquiry): void {
  const meaningless = (key: keyof Requests, why: string, hint: string): void => {
    if (requests[key] === undefined) return;
    inquiry.say("CONFIG_KEY_MEANINGLESS", [...path, key], `${quote(key)} has no effect ${why}`, hint, "key");
  };
  const inserting = requests.optimise === "max-insert";
  if (!inserting) meaningless("insertMax", "unless optimise is max-insert", "add `optimise: max-insert`, or delete it");
  if (requests.onePerPoint === true) {
    for (const key of ["optimise", "blocks"] as const) meaningless(key, "with onePerPoint", "delete one of the two");
  } else if (inserting) {
    meaningless("blocks", "with max-insert, which fills any gap of up to insertMax", "delete one of the two");
  }
}

/** What one request can hold, on a device that nothing else is wrong with. */
export function checkRequestLimits(device: DeviceSnapshot, path: Path, inquiry: Inquiry): void {
  const { requests } = device;
  if (requests === undefined) return;
  for (const [p, point] of device.points.entries()) {
    const bits = isBitTable(point.table);
    if (point.table === "coil" && requests.coilsFromZero && point.address + point.count > requests.bitsMax) {
      const message = `coil ${point.address} is beyond what one request from 0 on reads: ${requests.bitsMax}`;
      const hint = "leave the point out, or delete `coilsFromZero`";
      inquiry.say("CONFIG_MERGE_LIMIT", [...path, "points", p], message, hint, "key");
    } else if (!bits && point.count > requests.registersMax) {
      const message = `this ${point.type} takes ${point.count} registers, and the device allows ${requests.registersMax} in one request`;
      const hint = `write at least \`registersMax: ${point.count}\`, or leave the point out`;
      inquiry.say("CONFIG_MERGE_LIMIT", [...path, "points", p], message, hint, "key");
    }
  }
}
