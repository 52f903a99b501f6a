import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import { defaultType, isBitTable, pointCount } from "../point-size.ts";
import { quote } from "../quote.ts";
import type { Point } from "../schema/point.ts";
import type { Inquiry } from "./inquiry.ts";
import { checkOutput } from "./output.ts";
import { checkRange } from "./range.ts";

const ADDRESSES = 65_536;
/** Keys that reckon with a value: a bool or a string is not reckoned with. */
const NUMERIC_KEYS = ["scale", "offset", "low", "high", "deadband"] as const;

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

function checkLength(type: string, point: Loose<Point>, path: Path, inquiry: Inquiry): void {
  if (type === "string" && point.length === undefined) {
    const hint = "add `length: 8` for 16 characters: two in each register";
    inquiry.say("CONFIG_STRING_LENGTH", [...path, "type"], "a string needs its length in registers", hint);
  }
  if (type !== "string" && point.length !== undefined) {
    const message = `"length" is for strings, this is a ${type}`;
    inquiry.say(
      "CONFIG_STRING_LENGTH",
      [...path, "length"],
      message,
      "delete the line, or write `type: string`",
      "key",
    );
  }
}

function checkBit(type: string, single: boolean, point: Loose<Point>, path: Path, inquiry: Inquiry): void {
  if (point.bit === undefined) {
    if (type !== "bool" || single) return;
    const message = "a bool in a register is one of its 16 bits, and this does not say which";
    inquiry.say("CONFIG_BIT", [...path, "type"], message, "add `bit: 0` for the least significant, up to `bit: 15`");
    return;
  }
  if (type === "bool" && !single) return;
  const message = single
    ? "a coil or discrete input has no bits to choose from"
    : `"bit" is for bool, this is a ${type}`;
  const hint = single ? "delete the line" : "write `type: bool`, or delete the line";
  inquiry.say("CONFIG_BIT", [...path, "bit"], message, hint, "key");
}

function checkReckoning(type: string, point: Loose<Point>, path: Path, inquiry: Inquiry): void {
  if (type === "bool" || type === "string") {
    for (const key of NUMERIC_KEYS) {
      if (point[key] === undefined) continue;
      const message = `${quote(key)} has no effect on a ${type}`;
      inquiry.say("CONFIG_KEY_MEANINGLESS", [...path, key], message, "delete the line", "key");
    }
    return;
  }
  if (point.scale === 0) {
    const hint = "write 1 for the raw value, 0.1 for tenths";
    inquiry.say("CONFIG_SCALE_ZERO", [...path, "scale"], "a scale of 0 makes every value the same", hint);
  }
  checkRange(point, path, inquiry);
}
