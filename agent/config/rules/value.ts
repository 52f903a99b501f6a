import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import { quote } from "../quote.ts";
import type { Point } from "../schema/point.ts";
import type { Inquiry } from "./inquiry.ts";
import { checkRange } from "./range.ts";

/** Keys that reckon with a value: a bool or a string is not reckoned with. */
const NUMERIC_KEYS = ["scale", "offset", "low", "high", "deadband"] as const;

/** What a point and a member of a record have in common. */
type Value = Pick<Point, "length" | "bit" | "byte" | "byteLocation" | (typeof NUMERIC_KEYS)[number]>;

export function checkLength(type: string, value: Loose<Value>, path: Path, inquiry: Inquiry): void {
  if (type === "string" && value.length === undefined) {
    const hint = "add `length: 8` for 16 characters: two in each register";
    inquiry.say("CONFIG_STRING_LENGTH", [...path, "type"], "a string needs its length in registers", hint);
  }
  if (type !== "string" && value.length !== undefined) {
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

export function checkBit(type: string, single: boolean, value: Loose<Value>, path: Path, inquiry: Inquiry): void {
  if (value.bit === undefined) {
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

/** Keys that say which byte, where there is one to choose. */
export function checkBytes(type: string, value: Loose<Value>, path: Path, inquiry: Inquiry): void {
  const fitting = { byte: type === "int8" || type === "uint8", byteLocation: type === "string" };
  for (const key of ["byte", "byteLocation"] as const) {
    if (value[key] === undefined || fitting[key]) continue;
    const message = `${quote(key)} is for ${key === "byte" ? "int8 and uint8" : "strings"}, this is a ${type}`;
    inquiry.say("CONFIG_KEY_MEANINGLESS", [...path, key], message, "delete the line, or write another type", "key");
  }
}

export function checkReckoning(type: string, value: Loose<Value>, path: Path, inquiry: Inquiry): void {
  if (type === "bool" || type === "string") {
    for (const key of NUMERIC_KEYS) {
      if (value[key] === undefined) continue;
      const message = `${quote(key)} has no effect on a ${type}`;
      inquiry.say("CONFIG_KEY_MEANINGLESS", [...path, key], message, "delete the line", "key");
    }
    return;
  }
  if (value.scale === 0) {
    const hint = "write 1 for the raw value, 0.1 for tenths";
    inquiry.say("CONFIG_SCALE_ZERO", [...path, "scale"], "a scale of 0 makes every value the same", hint);
  }
  checkRange(value, path, inquiry);
}
