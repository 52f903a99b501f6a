import type { ModbusServerEntry } from "../../config/snapshot/modbus-server.ts";
import type { ScalarValue } from "../../contract/point.ts";
import { shownPoints } from "../../contract/shown.ts";
import { encodeValue } from "./encode-value.ts";

export type ServedTable = ModbusServerEntry["table"];

/** Why there is nothing to read: exception codes of the standard. */
export const NO_ADDRESS = 2;
export const NO_FIT = 4;
export const NO_VALUE = 11;
export type Unreadable = typeof NO_ADDRESS | typeof NO_FIT | typeof NO_VALUE;

/** What one entry has now. */
type ValueOf = (index: number) => ScalarValue | undefined;

interface Slot {
  readonly entry: ModbusServerEntry;
  /** of its point among those shown */
  readonly index: number;
}

/** Which point is where. An entry is read whole or not at all, so that no client sees half of a number. */
export class RegisterMap {
  readonly #slots = new Map<ServedTable, Map<number, Slot>>();
  readonly #valueOf: ValueOf;
  readonly #unfit: (entry: ModbusServerEntry, value: ScalarValue) => void;

  /** @param unfit told of a value that its entry cannot hold */
  constructor(
    entries: readonly ModbusServerEntry[],
    valueOf: ValueOf,
    unfit: (entry: ModbusServerEntry, value: ScalarValue) => void,
  ) {
    this.#valueOf = valueOf;
    this.#unfit = unfit;
    const indices = new Map(shownPoints(entries).map((point, index) => [point, index]));
    for (const entry of entries) {
      const table = this.#slots.get(entry.table) ?? new Map<number, Slot>();
      this.#slots.set(entry.table, table);
      table.set(entry.address, { entry, index: indices.get(entry.point) ?? 0 });
    }
  }

  /** Registers from `address` on, two bytes each; or the first reason why not. */
  registers(table: ServedTable, address: number, count: number): Buffer | Unreadable {
    const slots = this.#slots.get(table);
    const bytes = Buffer.alloc(2 * count);
    for (let at = address; at < address + count;) {
      const slot = slots?.get(at);
      if (slot === undefined || at + slot.entry.count > address + count) return NO_ADDRESS;
      const registers = this.#read(slot);
      if (typeof registers === "number") return registers;
      registers.copy(bytes, 2 * (at - address));
      at += slot.entry.count;
    }
    return bytes;
  }

  /** Bits from `address` on, the first the least significant of the first byte; or the first reason why not. */
  bits(table: ServedTable, address: number, count: number): Buffer | Unreadable {
    const slots = this.#slots.get(table);
    const bytes = Buffer.alloc(Math.ceil(count / 8));
    for (let i = 0; i < count; i++) {
      const slot = slots?.get(address + i);
      if (slot === undefined) return NO_ADDRESS;
      const registers = this.#read(slot);
      if (typeof registers === "number") return registers;
      if (registers.readUInt16BE() === 1) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << (i & 7));
    }
    return bytes;
  }

  #read({ entry, index }: Slot): Buffer | Unreadable {
    const value = this.#valueOf(index);
    if (value === undefined) return NO_VALUE;
    const registers = encodeValue(entry, value);
    if (registers !== undefined) return registers;
    this.#unfit(entry, value);
    return NO_FIT;
  }
}
