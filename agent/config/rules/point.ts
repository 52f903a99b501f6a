import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import { defaultType, isBitTable, pointCount } from "../point-size.ts";
import type { Point } from "../schema/point.ts";
import { addressesFrom, checkBase } from "./address.ts";
import type { Inquiry } from "./inquiry.ts";
import { checkOutput } from "./output.ts";
import { checkRecord, checkRecordKeys } from "./record.ts";
import { checkBit, checkBytes, checkLength, checkReckoning } from "./value.ts";

/**
 * What holds for one point whose keys are right one by one.
 * @param base what the first address is called in the file
 */
export function checkPoint(point: Loose<Point>, base: 0 | 1, path: Path, inquiry: Inquiry): void {
  const { table, address } = point;
  if (table === undefined || address === undefined || !inquiry.whole(point)) return;
  if (!checkBase(address, base, path, inquiry)) return;
  const type = point.type ?? defaultType(table);
  if (isBitTable(table) && type !== "bool") {
    const message = `a ${table} is one bit and holds no ${type}`;
    const hint = `write \`type: bool\`, or take a ${table === "coil" ? "holding-register" : "input-register"}`;
    inquiry.say("CONFIG_TABLE_TYPE", [...path, "type"], message, hint);
    return;
  }
  if (type === "record") {
    checkRecord(point, base, path, inquiry);
    return;
  }
  checkRecordKeys(type, point, path, inquiry);
  checkLength(type, point, path, inquiry);
  checkBit(type, isBitTable(table), point, path, inquiry);
  const count = pointCount(type, point.length);
  const { addresses, last } = addressesFrom(base);
  if (address + count > addresses) {
    const message = `a ${type} takes ${count} registers from ${address} on, the last address is ${last}`;
    const hint = `write at most ${addresses - count}: addresses do not wrap around to 0`;
    inquiry.say("CONFIG_ADDRESS_WRAPS", [...path, "address"], message, hint);
  }
  checkBytes(type, point, path, inquiry);
  checkReckoning(type, point, path, inquiry);
  if (point.output !== undefined && inquiry.whole(point.output))
    checkOutput(point.output, { table, type, count }, [...path, "output"], inquiry);
}
