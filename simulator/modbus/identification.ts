import { EXCEPTION_CODES, ModbusException } from "./exception.ts";
import { PDU_BYTES_MAX } from "./request.ts";

/**
 * Device identification objects by id: 0 vendor name, 1 product code, 2 revision (basic), 3 vendor URL, 4 product name,
 * 5 model name, 6 user application name (regular), 128 to 255 private (extended).
 */
export type Identification = Readonly<Record<number, string>>;

const BASIC_LAST = 2;
const REGULAR_LAST = 6;
const EXTENDED_LAST = 255;
const INDIVIDUAL = 4;
/** function code, MEI type, read code, conformity level, more follows, next object id, number of objects */
const HEADER_BYTES = 7;
const OBJECT_HEADER_BYTES = 2;
/** the largest object that still fits one response */
const OBJECT_BYTES_MAX = PDU_BYTES_MAX - HEADER_BYTES - OBJECT_HEADER_BYTES;
/** stream and individual access */
const CONFORMITY_INDIVIDUAL = 0x80;

/**
 * Answer to function 43/14. A stream that is too long for one response says from which object to go on.
 * @throws {ModbusException} 3 for an unknown read code, 2 for an individual object that is not there
 * @see Modbus application protocol V1.1b3 §6.21
 */
export function readIdentification(objects: Identification, readCode: number, objectId: number): Uint8Array {
  if (readCode < 1 || readCode > INDIVIDUAL) {
    throw new ModbusException(EXCEPTION_CODES.illegalDataValue, `read device id code ${readCode}`);
  }
  const ids = Object.keys(objects)
    .map(Number)
    .toSorted((a, b) => a - b);
  const conformity = CONFORMITY_INDIVIDUAL | levelOf(ids);
  if (readCode === INDIVIDUAL) {
    if (!ids.includes(objectId)) {
      throw new ModbusException(EXCEPTION_CODES.illegalDataAddress, `no identification object ${objectId}`);
    }
    return encode(readCode, conformity, [[objectId, objects[objectId] ?? ""]], 0, false);
  }
  const last = readCode === 1 ? BASIC_LAST : readCode === 2 ? REGULAR_LAST : EXTENDED_LAST;
  const wanted = ids.filter((id) => id <= last);
  // an unknown start is taken for the beginning, so says the specification
  const rest = wanted.includes(objectId) ? wanted.filter((id) => id >= objectId) : wanted;
  const fitting: [number, string][] = [];
  let bytes = HEADER_BYTES;
  for (const id of rest) {
    const text = (objects[id] ?? "").slice(0, OBJECT_BYTES_MAX);
    bytes += OBJECT_HEADER_BYTES + text.length;
    if (bytes > PDU_BYTES_MAX) return encode(readCode, conformity, fitting, id, true);
    fitting.push([id, text]);
  }
  return encode(readCode, conformity, fitting, 0, false);
}

function levelOf(ids: readonly number[]): number {
  if (ids.some((id) => id > REGULAR_LAST)) return 3;
  return ids.some((id) => id > BASIC_LAST) ? 2 : 1;
}

function encode(
  readCode: number,
  conformity: number,
  objects: readonly (readonly [number, string])[],
  nextObjectId: number,
  moreFollows: boolean,
): Uint8Array {
  const header = [43, 14, readCode, conformity, moreFollows ? 0xff : 0, nextObjectId, objects.length];
  return Uint8Array.from([
    ...header,
    ...objects.flatMap(([id, text]) => [id, text.length, ...Buffer.from(text, "latin1")]),
  ]);
}
