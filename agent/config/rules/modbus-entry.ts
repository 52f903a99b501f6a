import { entryType } from "../build/modbus-server.ts";
import type { ValueType } from "../expression/index.ts";
import { formatPath } from "../findings.ts";
import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import { isBitTable, pointCount } from "../point-size.ts";
import { quote } from "../quote.ts";
import type { ModbusServerEntry } from "../schema/modbus-server.ts";
import { checkPointRef } from "./expression.ts";
import type { Inquiry } from "./inquiry.ts";
import { checkLength, checkReckoning } from "./value.ts";

const ADDRESSES = 65_536;

/** What the server shows: points that exist, as types that can hold them, each address once. */
export function checkEntries(
  entries: readonly (Loose<ModbusServerEntry> | undefined)[],
  path: Path,
  inquiry: Inquiry,
): void {
  const taken = new Map<string, Path>();
  for (const [i, entry] of entries.entries()) {
    if (entry === undefined || !inquiry.whole(entry)) continue;
    const at: Path = [...path, i];
    const count = checkEntry(entry, at, inquiry);
    if (count !== undefined) checkPlace(entry, count, at, taken, inquiry);
  }
}

/** @returns how many addresses it takes; undefined where that is not known */
function checkEntry(entry: Loose<ModbusServerEntry>, path: Path, inquiry: Inquiry): number | undefined {
  const { point, table } = entry;
  if (point === undefined || table === undefined) return undefined;
  const kind = checkPointRef(point, [...path, "point"], inquiry);
  if (kind === undefined) return undefined;
  const type = entryType({ type: entry.type, point }, inquiry.points);
  if (type === undefined) {
    const message = `${quote(point)} is a number, and this does not say as which type clients read it`;
    inquiry.say("CONFIG_MODBUS_SERVER", path, message, "add `type: float32`, or `type: int16` with a scale");
    return undefined;
  }
  const place: Path = entry.type === undefined ? path : [...path, "type"];
  if (kindOf(type) !== kind) {
    const message = `${quote(point)} is ${WORDS[kind]} and cannot be read as ${type}`;
    inquiry.say("CONFIG_MODBUS_SERVER", place, message, HINTS[kind]);
    return undefined;
  }
  if (isBitTable(table) && type !== "bool") {
    const hint = `take ${table === "coil" ? "a holding-register" : "an input-register"}`;
    inquiry.say("CONFIG_TABLE_TYPE", place, `a ${table} is one bit and holds no ${type}`, hint);
    return undefined;
  }
  checkLength(type, entry, path, inquiry);
  checkReckoning(type, entry, path, inquiry);
  return pointCount(type, entry.length);
}

function checkPlace(
  { table, address }: Loose<ModbusServerEntry>,
  count: number,
  path: Path,
  taken: Map<string, Path>,
  inquiry: Inquiry,
): void {
  if (address === undefined || table === undefined) return;
  if (address + count > ADDRESSES) {
    const message = `${count} registers from ${address} on, the last address is ${ADDRESSES - 1}`;
    const hint = `write at most ${ADDRESSES - count}`;
    inquiry.say("CONFIG_ADDRESS_WRAPS", [...path, "address"], message, hint);
    return;
  }
  for (let at = address; at < address + count; at++) {
    const owner = taken.get(`${table} ${at}`);
    if (owner === undefined) taken.set(`${table} ${at}`, path);
    else {
      const message = `${table} ${at} is already ${formatPath(owner)}`;
      inquiry.say("CONFIG_MODBUS_SERVER", [...path, "address"], message, "give each address to one entry alone");
      return;
    }
  }
}

const WORDS: Readonly<Record<ValueType, string>> = { bool: "true or false", number: "a number", string: "a text" };
const HINTS: Readonly<Record<ValueType, string>> = {
  bool: "delete the line, or write `type: bool`",
  number: "write a type of numbers, such as float32",
  string: "write `type: string` and its `length`",
};

function kindOf(type: string): ValueType {
  return type === "bool" || type === "string" ? type : "number";
}
