import { formatPath } from "../findings.ts";
import type { Path } from "../findings.ts";
import type { DeviceSnapshot, PointSnapshot } from "../snapshot.ts";
import type { Inquiry } from "./inquiry.ts";

/**
 * What reading changes is read by one request and nothing else: no other point may reach into it, no other period read
 * it once more, and no write be read back. @param device with every address as it is on the wire
 */
export function checkClearOnRead(device: DeviceSnapshot, path: Path, inquiry: Inquiry): void {
  for (const [p, point] of device.points.entries()) {
    if (point.clearOnRead !== true) continue;
    const at = [...path, "points", p];
    const refuse = (message: string, hint: string): void =>
      inquiry.say("CONFIG_CLEAR_ON_READ", [...at, "clearOnRead"], message, hint, "key");
    if (point.type !== "record" && point.output !== undefined) {
      refuse("an output is read back after each write, and that would clear it", "delete the output, or clearOnRead");
    }
    if (point.table === "coil" && device.requests?.coilsFromZero === true) {
      refuse("reading coils from 0 on would read others along with it", "delete `coilsFromZero`, or clearOnRead");
    }
    const other = device.points.findIndex((one, o) => o !== p && overlap(one, point) && !together(one, point));
    if (other < 0) continue;
    const message = `${formatPath([...path, "points", other])} reads these registers, too, in another request`;
    refuse(message, "give both the same address, length and pollMs and clearOnRead, or make a record of them");
  }
}

function overlap(one: PointSnapshot, other: PointSnapshot): boolean {
  return (
    one.table === other.table && one.address < other.address + other.count && other.address < one.address + one.count
  );
}

/** Whether the planner reads both at once: as the bits of one register. */
function together(one: PointSnapshot, other: PointSnapshot): boolean {
  return (
    one.clearOnRead === true &&
    other.clearOnRead === true &&
    one.address === other.address &&
    one.count === other.count &&
    one.pollMs === other.pollMs
  );
}
