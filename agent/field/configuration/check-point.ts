import { POINT_TYPES } from "../../contract/point.ts";
import { checkOutput } from "./check-output.ts";
import { checkRecord } from "./check-record.ts";
import { checkBytes, checkReckoning, NAME, ORDERS, REGISTERS, REGISTERS_MAX, UNIT } from "./check-value.ts";
import type { Fields } from "./fields.ts";
import { ConfigurationError } from "./refusal.ts";

const DAY_MS = 86_400_000;
const ADDRESSES = 65_536;
const TABLES = ["coil", "discrete-input", "input-register", "holding-register"] as const;
const TYPES = [...POINT_TYPES, "record"] as const;

/** Bytes of a point in a roster, at most: its name, unit and longest value, and the names of the fields. */
export interface CheckedPoint {
  readonly name: string;
  readonly rosterBytesMax: number;
}

/** @throws {ConfigurationError} where polling or writing this point would do something else than it says */
export function checkPoint(point: Fields): CheckedPoint {
  const name = point.text("name", NAME);
  const table = point.oneOf("table", TABLES);
  const type = point.oneOf("type", TYPES);
  const address = point.integer("address", 0, ADDRESSES - 1);
  const bits = table === "coil" || table === "discrete-input";
  const registers = type === "record" ? undefined : REGISTERS[type];
  const count = point.integer("count", registers ?? 1, registers ?? REGISTERS_MAX);
  if (address + count > ADDRESSES) {
    throw new ConfigurationError("CONFIG_RANGE_WRAPS", `${point.where}: ${count} from ${address} goes beyond 65535`);
  }
  if (bits && type !== "bool") {
    throw new ConfigurationError("CONFIG_SNAPSHOT_MALFORMED", `${point.where}: a ${table} is a bool, not ${type}`);
  }
  point.integer("pollMs", 20, DAY_MS);
  point.integer("heartbeatMs", 0, DAY_MS);
  if (type === "record") {
    return { name, rosterBytesMax: POINT_OVERHEAD_BYTES + name.length + checkRecord(point, count) };
  }
  checkBytes(point, type);
  if (point.has("bit")) point.integer("bit", 0, bits || type !== "bool" ? -1 : 15);
  point.oneOf("wordOrder", ORDERS);
  point.oneOf("byteOrder", ORDERS);
  checkReckoning(point);
  point.optionalNumber("low");
  point.optionalNumber("high");
  const unit = point.has("unit") ? point.text("unit", UNIT) : "";
  if (point.has("output")) checkOutput(point, table, bits);
  // text is escaped to at most twice its bytes; every number is shorter than what is allowed for here
  const valueBytes = type === "string" ? 4 * count : 0;
  return { name, rosterBytesMax: POINT_OVERHEAD_BYTES + name.length + 4 * unit.length + valueBytes };
}

const POINT_OVERHEAD_BYTES = 220;
