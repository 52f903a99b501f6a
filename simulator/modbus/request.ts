import { EXCEPTION_CODES, ModbusException } from "./exception.ts";

/** Largest PDU: the 256 bytes of a serial frame without unit id and CRC. @see Modbus application protocol V1.1b3 §4.1 */
export const PDU_BYTES_MAX = 253;

const READ_BITS_MAX = 2000;
const READ_REGISTERS_MAX = 125;
const WRITE_COILS_MAX = 1968;
const WRITE_REGISTERS_MAX = 123;
const READ_WRITE_REGISTERS_MAX = 121;
const ENCAPSULATED_DEVICE_IDENTIFICATION = 14;

/** What a client asks, decoded: addresses from 0 as on the wire, bits as 0 and 1, registers as 0 to 65535. */
export type Request =
  | { readonly functionCode: 1 | 2 | 3 | 4; readonly first: number; readonly count: number }
  | { readonly functionCode: 5 | 6; readonly address: number; readonly value: number }
  | { readonly functionCode: 15 | 16; readonly first: number; readonly values: readonly number[] }
  | { readonly functionCode: 22; readonly address: number; readonly andMask: number; readonly orMask: number }
  | {
      readonly functionCode: 23;
      readonly first: number;
      readonly count: number;
      readonly writeFirst: number;
      readonly values: readonly number[];
    }
  | { readonly functionCode: 43; readonly readCode: number; readonly objectId: number };

/**
 * Decodes one request PDU as a server does.
 * @throws {ModbusException} 1 for a function outside 1-6, 15, 16, 22, 23, 43/14; 3 for quantities, lengths and values the
 * specification does not allow. Nothing else, whatever the bytes.
 */
export function decodeRequest(pdu: Uint8Array): Request {
  if (pdu.length === 0 || pdu.length > PDU_BYTES_MAX) throw illegalValue(`a PDU of ${pdu.length} bytes`);
  const view = new DataView(pdu.buffer, pdu.byteOffset, pdu.byteLength);
  const functionCode = view.getUint8(0);
  switch (functionCode) {
    case 1:
    case 2:
      return decodeRead(view, functionCode, READ_BITS_MAX);
    case 3:
    case 4:
      return decodeRead(view, functionCode, READ_REGISTERS_MAX);
    case 5:
    case 6:
      return decodeWriteSingle(view, functionCode);
    case 15:
    case 16:
      return decodeWriteMultiple(view, functionCode);
    case 22:
      expectLength(view, 7);
      return { functionCode, address: view.getUint16(1), andMask: view.getUint16(3), orMask: view.getUint16(5) };
    case 23:
      return decodeReadWrite(view);
    case 43:
      return decodeEncapsulated(view);
    default:
      throw new ModbusException(EXCEPTION_CODES.illegalFunction, `function ${functionCode}`);
  }
}

function decodeRead(view: DataView, functionCode: 1 | 2 | 3 | 4, countMax: number): Request {
  expectLength(view, 5);
  const count = view.getUint16(3);
  expectCount(count, countMax);
  return { functionCode, first: view.getUint16(1), count };
}

function decodeWriteSingle(view: DataView, functionCode: 5 | 6): Request {
  expectLength(view, 5);
  const address = view.getUint16(1);
  const word = view.getUint16(3);
  if (functionCode === 6) return { functionCode, address, value: word };
  if (word !== 0x0000 && word !== 0xff00) throw illegalValue(`coil value 0x${word.toString(16)}, 0 or 0xff00 allowed`);
  return { functionCode, address, value: word === 0 ? 0 : 1 };
}

function decodeWriteMultiple(view: DataView, functionCode: 15 | 16): Request {
  if (view.byteLength < 6) throw illegalValue("request cut short");
  const first = view.getUint16(1);
  const count = view.getUint16(3);
  expectCount(count, functionCode === 15 ? WRITE_COILS_MAX : WRITE_REGISTERS_MAX);
  const bytes = functionCode === 15 ? Math.ceil(count / 8) : count * 2;
  if (view.getUint8(5) !== bytes) throw illegalValue(`byte count ${view.getUint8(5)} for ${count} values`);
  expectLength(view, 6 + bytes);
  return { functionCode, first, values: functionCode === 15 ? bitsAt(view, 6, count) : wordsAt(view, 6, count) };
}

function decodeReadWrite(view: DataView): Request {
  if (view.byteLength < 10) throw illegalValue("request cut short");
  const count = view.getUint16(3);
  const writeCount = view.getUint16(7);
  expectCount(count, READ_REGISTERS_MAX);
  expectCount(writeCount, READ_WRITE_REGISTERS_MAX);
  if (view.getUint8(9) !== writeCount * 2)
    throw illegalValue(`byte count ${view.getUint8(9)} for ${writeCount} values`);
  expectLength(view, 10 + writeCount * 2);
  return {
    functionCode: 23,
    first: view.getUint16(1),
    count,
    writeFirst: view.getUint16(5),
    values: wordsAt(view, 10, writeCount),
  };
}

function decodeEncapsulated(view: DataView): Request {
  if (view.byteLength < 2 || view.getUint8(1) !== ENCAPSULATED_DEVICE_IDENTIFICATION) {
    throw new ModbusException(EXCEPTION_CODES.illegalFunction, "only MEI type 14 of function 43 is served");
  }
  expectLength(view, 4);
  return { functionCode: 43, readCode: view.getUint8(2), objectId: view.getUint8(3) };
}

function expectLength(view: DataView, bytes: number): void {
  if (view.byteLength !== bytes) throw illegalValue(`${view.byteLength} bytes, ${bytes} wanted`);
}

function expectCount(count: number, countMax: number): void {
  if (count < 1 || count > countMax) throw illegalValue(`quantity ${count}, 1 to ${countMax} allowed`);
}

function illegalValue(message: string): ModbusException {
  return new ModbusException(EXCEPTION_CODES.illegalDataValue, message);
}

function bitsAt(view: DataView, offset: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => (view.getUint8(offset + (i >> 3)) >> (i & 7)) & 1);
}

function wordsAt(view: DataView, offset: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => view.getUint16(offset + i * 2));
}
