import { NO_ADDRESS, NO_FIT, NO_VALUE } from "./register-map.ts";
import type { RegisterMap, ServedTable } from "./register-map.ts";

/** @see MODBUS Application Protocol V1.1b3 §6.1 to §6.4 */
const READS: Readonly<Record<number, { readonly table: ServedTable; readonly countMax: number }>> = {
  1: { table: "coil", countMax: 2_000 },
  2: { table: "discrete-input", countMax: 2_000 },
  3: { table: "holding-register", countMax: 125 },
  4: { table: "input-register", countMax: 125 },
};
/** Functions that write: nobody who asks for one gets anywhere, and it is counted. */
const WRITES = new Set([5, 6, 15, 16, 21, 22, 23]);
const READ_BYTES = 5;
const ADDRESSES = 65_536;
const NO_FUNCTION = 1;
const NO_DATA = 3;

export interface Answer {
  readonly pdu: Buffer;
  readonly triedToWrite: boolean;
  /** refused since a value is missing or does not fit */
  readonly withoutValue: boolean;
}

/** The answer to one request. There is no path from here to anything that writes. */
export function answer(pdu: Buffer, map: RegisterMap): Answer {
  const code = pdu.readUInt8(0);
  const read = READS[code];
  if (read === undefined) {
    return { pdu: exception(code, NO_FUNCTION), triedToWrite: WRITES.has(code), withoutValue: false };
  }
  const data = readData(pdu, read, map);
  const reply = typeof data === "number" ? exception(code, data) : Buffer.concat([Buffer.of(code, data.length), data]);
  return { pdu: reply, triedToWrite: false, withoutValue: data === NO_VALUE || data === NO_FIT };
}

function readData(
  pdu: Buffer,
  { table, countMax }: { readonly table: ServedTable; readonly countMax: number },
  map: RegisterMap,
): Buffer | number {
  if (pdu.length !== READ_BYTES) return NO_DATA;
  const address = pdu.readUInt16BE(1);
  const count = pdu.readUInt16BE(3);
  if (count < 1 || count > countMax) return NO_DATA;
  if (address + count > ADDRESSES) return NO_ADDRESS;
  return table === "coil" || table === "discrete-input"
    ? map.bits(table, address, count)
    : map.registers(table, address, count);
}

/** @param code of the function that was asked for */
export function exception(code: number, exceptionCode: number): Buffer {
  return Buffer.of(code | 0x80, exceptionCode);
}
