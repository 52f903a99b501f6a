import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import { defaultType, isBitTable, pointCount } from "../point-size.ts";
import type { Point } from "../schema/point.ts";
import type { Inquiry } from "./inquiry.ts";
import { checkOutput } from "./output.ts";
import { checkRecord, checkRecordKeys } from "./record.ts";
import { checkBit, checkLength, checkReckoning } from "./value.ts";

const ADDRESSES = 65_536;

/** What holds for one point whose keys are right one by one. */
export function checkPoint(point: Loose<Point>, path: Path, inquiry: Inquiry): void {
  const { table, address } = point;
  if (table === undefined || address === undefined || !inquiry.whole(point)) return;
  const type = point.type ?? defaultType(table);
  if (isBitTable(table) && type !== "bool") {
    const message = `a ${table} is one bit and holds no ${type}`;
    const hint = `write \`type: bool\`, or take a ${table === "coil" ? "holding-register" : "input-register"}`;
    inquiry.say("CONFIG_TABLE_TYPE", [...path, "type"], message, hint);
    return;
  }
  if (type === "record") {
    checkRecord(point, path, inquiry);
    return;
  }
  checkRecordKeys(type, point, path, inquiry);
  checkLength(type, point, path, inquiry);
  checkBit(type, isBitTable(table), point, path, inquiry);
  const count = pointCount(type, point.length);
  if (address + count > ADDRESSES) {
    const message = `a ${type} takes ${count} registers from ${address} on, the last address is ${ADDRESSES - 1}`;
    const hint = `write at most ${ADDRESSES - count}: addresses do not wrap around to 0`;
    inquiry.say("CONFIG_ADDRESS_WRAPS", [...path, "address"], message, hint);
  }
  checkReckoning(type, point, path, inquiry);
  if (point.output !== undefined && inquiry.whole(point.output))
    checkOutput(point.output, { table, type, count }, [...path, "output"], inquiry);
}
