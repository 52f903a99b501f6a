import type { Field } from "./field.ts";

const ADDRESSES = 65_536;
/** In one Modbus request. */
const REGISTERS_MAX = 125;
const BIT_MAX = 15;

/** Why a field cannot become a point; undefined where it can. */
export function fieldFault({ address, count, keys }: Pick<Field, "address" | "count" | "keys">): string | undefined {
  if (!isWithin(address, 0, ADDRESSES - 1)) return `address = ${address}: 0 to ${ADDRESSES - 1} is wanted`;
  if (!isWithin(count, 1, REGISTERS_MAX)) return `it has ${count} registers: 1 to ${REGISTERS_MAX} are read at once`;
  if (address + count > ADDRESSES) return `${count} registers from ${address} go beyond ${ADDRESSES - 1}`;
  if (keys.bit !== undefined && !isWithin(keys.bit, 0, BIT_MAX)) return `bit = ${keys.bit}: 0 to ${BIT_MAX} is wanted`;
  return undefined;
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
