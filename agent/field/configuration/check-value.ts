import type { PointType } from "../../contract/point.ts";
import type { Fields } from "./fields.ts";
import { ConfigurationError } from "./refusal.ts";

/** In one Modbus request. */
export const REGISTERS_MAX = 125;
export const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const UNIT = /^.{1,32}$/u;
export const ORDERS = ["big", "little"] as const;

/** Registers that a type takes; text says itself. */
export const REGISTERS: Readonly<Record<PointType, number | undefined>> = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 1,
  uint16: 1,
  int32: 2,
  uint32: 2,
  int64: 4,
  uint64: 4,
  float16: 1,
  float32: 2,
  float64: 4,
  string: undefined,
};

/** Which byte of its registers a value is in. */
export function checkBytes(value: Fields, type: PointType): void {
  const small = type === "int8" || type === "uint8";
  if (small) value.oneOf("byte", ["high", "low"]);
  if (small && value.has("output")) {
    throw new ConfigurationError("CONFIG_OUTPUT_INVALID", `${value.where}: half a register cannot be written`);
  }
  if (value.has("byteLocation")) value.oneOf("byteLocation", type === "string" ? ["upper", "lower"] : []);
}

/** Scale, offset and dead-band of a point or a member of a record. */
export function checkReckoning(value: Fields): void {
  if (value.number("scale") === 0) {
    throw new ConfigurationError("CONFIG_SNAPSHOT_MALFORMED", `${value.where}.scale is 0, every value would be lost`);
  }
  value.number("offset");
  if (value.number("deadband") < 0) {
    throw new ConfigurationError("CONFIG_SNAPSHOT_MALFORMED", `${value.where}.deadband is negative`);
  }
}
