import { POINT_TYPES } from "../../contract/point.ts";
import { checkRecord } from "./check-record.ts";
import { checkReckoning, NAME, ORDERS, REGISTERS, REGISTERS_MAX, UNIT } from "./check-value.ts";
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

function checkOutput(point: Fields, table: (typeof TABLES)[number], bits: boolean): void {
  const output = point.object("output");
  const write = output.oneOf("write", ["single", "multiple", "mask"]);
  output.optionalNumber("low");
  output.optionalNumber("high");
  const refuse = (why: string): never => {
    throw new ConfigurationError("CONFIG_OUTPUT_INVALID", `${output.where}: ${why}`);
  };
  if (table === "discrete-input" || table === "input-register") refuse(`a ${table} cannot be written`);
  if (write === "mask" && (bits || !point.has("bit"))) refuse("function 22 writes one bit of a holding register");
  // writing the whole register would overwrite its other bits with a guess
  if (write !== "mask" && point.has("bit")) refuse("a bit of a register is written with function 22, mask");
  if (write === "single" && !bits && point.raw("count") !== 1) refuse("function 6 writes one register");
  if (write === "multiple" && (point.raw("count") as number) > WRITE_REGISTERS_MAX)
    refuse("function 16 writes up to 123");
}

/** @see Modbus application protocol V1.1b3 §6.12 */
const WRITE_REGISTERS_MAX = 123;
