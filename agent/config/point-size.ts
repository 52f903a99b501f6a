import type { PointType } from "../contract/point.ts";
import type { Table } from "./snapshot.ts";

const REGISTERS: Readonly<Record<Exclude<PointType, "string">, number>> = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 1,
  uint16: 1,
  int32: 2,
  uint32: 2,
  float16: 1,
  float32: 2,
  int64: 4,
  uint64: 4,
  float64: 4,
};

/** Whether a table holds single bits: coils and discrete inputs. */
export function isBitTable(table: Table): boolean {
  return table === "coil" || table === "discrete-input";
}

/** What a point is where its type is not written. */
export function defaultType(table: Table): PointType {
  return isBitTable(table) ? "bool" : "uint16";
}

/** Registers, or 1 for a coil or discrete input. @param length registers of a string */
export function pointCount(type: PointType, length: number | undefined): number {
  return type === "string" ? (length ?? 1) : REGISTERS[type];
}

/** Registers that one row of a record takes. */
export function extent(members: readonly { readonly at: number; readonly count: number }[]): number {
  return Math.max(0, ...members.map(({ at, count }) => at + count));
}
