/** What a frame is if it asks: addresses as on the wire, from 0. */
export interface HeardRequest {
  readonly unit: number;
  readonly function: number;
  /** where the function has a range */
  readonly address?: number;
  readonly quantity?: number;
  readonly write: boolean;
  /** bytes of an answer, unit id to checksum, where the request fixes them */
  readonly replyBytes?: number;
}

/** What a frame is if it answers. */
export interface HeardReply {
  readonly unit: number;
  /** without the bit that marks an exception */
  readonly function: number;
  readonly exception?: number;
  /** what it says of itself (43/14), this part of it */
  readonly identity?: ReadonlyMap<number, string>;
}

/** Unit id and checksum: what a frame has around its PDU. RTU's CRC; frames of ASCII are brought into this form. */
export const FRAME_AROUND_BYTES = 3;
const ADDRESSES = 65_536;
const EXCEPTION_BIT = 0x80;
const EXCEPTION_CODE_MAX = 11;
const UNIT_MAX = 247;
const DEVICE_IDENTIFICATION = 14;
const WRITES: ReadonlySet<number> = new Set([5, 6, 15, 16, 22, 23]);

/**
 * A whole frame read as a question, as strictly as the standard puts it: every length and count must agree, so that noise
 * which happens to have a right checksum is hardly ever taken for one. Undefined: it cannot be a question.
 * @param adu unit id, PDU, two bytes of checksum
 * @see Modbus application protocol V1.1b3 §6
 */
export function asRequest(adu: Buffer): HeardRequest | undefined {
  const [unit, code] = [adu[0] as number, adu[1] as number];
  const pduBytes = adu.length - FRAME_AROUND_BYTES;
  const write = WRITES.has(code);
  if (unit > UNIT_MAX || (unit === 0 && !write)) return undefined;
  const word = (at: number): number => (at + 2 <= adu.length - 2 ? adu.readUInt16BE(at) : -1);
  const ranged = (quantity: number, most: number, pduBytesRight: number, replyBytes: number) => {
    const address = word(2);
    if (pduBytes !== pduBytesRight || quantity < 1 || quantity > most || address + quantity > ADDRESSES)
      return undefined;
    return { unit, function: code, address, quantity, write, replyBytes: replyBytes + FRAME_AROUND_BYTES };
  };
  const count = word(4);
  switch (code) {
    case 1:
    case 2:
      return ranged(count, 2_000, 5, 2 + Math.ceil(count / 8));
    case 3:
    case 4:
      return ranged(count, 125, 5, 2 + 2 * count);
    case 5:
      return count === 0 || count === 0xff00 ? ranged(1, 1, 5, 5) : undefined;
    case 6:
      return ranged(1, 1, 5, 5);
    case 15:
      return adu[6] === Math.ceil(count / 8) ? ranged(count, 1_968, 6 + Math.ceil(count / 8), 5) : undefined;
    case 16:
      return adu[6] === 2 * count ? ranged(count, 123, 6 + 2 * count, 5) : undefined;
    case 22:
      return ranged(1, 1, 7, 7);
    case 23:
      return adu[10] === 2 * word(8) ? ranged(count, 125, 10 + 2 * word(8), 2 + 2 * count) : undefined;
    case 43:
      return pduBytes === 4 && adu[2] === DEVICE_IDENTIFICATION ? { unit, function: code, write } : undefined;
    case 7:
    case 11:
    case 12:
    case 17:
      return pduBytes === 1 ? { unit, function: code, write } : undefined;
    default:
      return undefined;
  }
}

/** A whole frame read as an answer. Undefined: it cannot be one. */
export function asReply(adu: Buffer): HeardReply | undefined {
  const [unit, code] = [adu[0] as number, adu[1] as number];
  if (unit === 0 || unit > UNIT_MAX) return undefined;
  const pduBytes = adu.length - FRAME_AROUND_BYTES;
  if ((code & EXCEPTION_BIT) !== 0) {
    const exception = adu[2] as number;
    if (pduBytes !== 2 || exception < 1 || exception > EXCEPTION_CODE_MAX) return undefined;
    return { unit, function: code & ~EXCEPTION_BIT, exception };
  }
  return fitsReply(adu, code, pduBytes) ? { unit, function: code, ...identityOf(adu, code) } : undefined;
}

function fitsReply(adu: Buffer, code: number, pduBytes: number): boolean {
  const counted = adu[2] as number;
  switch (code) {
    case 1:
    case 2:
    case 12:
    case 17:
      return counted > 0 && pduBytes === 2 + counted;
    case 3:
    case 4:
    case 23:
      return counted > 0 && counted % 2 === 0 && pduBytes === 2 + counted;
    case 5:
    case 6:
    case 15:
    case 16:
    case 11:
      return pduBytes === 5;
    case 22:
      return pduBytes === 7;
    case 7:
      return pduBytes === 2;
    case 43:
      return pduBytes >= 7 && adu[2] === DEVICE_IDENTIFICATION && identityObjects(adu) !== undefined;
    default:
      return false;
  }
}

function identityOf(adu: Buffer, code: number): { readonly identity?: ReadonlyMap<number, string> } {
  const identity = code === 43 ? identityObjects(adu) : undefined;
  return identity === undefined ? {} : { identity };
}

/** Function, MEI type, access, conformity, more follows, next object, count; then id, length and text of each object. */
function identityObjects(adu: Buffer): ReadonlyMap<number, string> | undefined {
  const objects = new Map<number, string>();
  const end = adu.length - 2;
  let at = 8;
  for (let left = adu[7] as number; left > 0; left--) {
    const from = at + 2;
    const to = from + (adu[at + 1] ?? end);
    if (to > end) return undefined;
    objects.set(adu[at] as number, adu.subarray(from, to).toString("latin1"));
    at = to;
  }
  return at === end ? objects : undefined;
}

/** Lengths that a frame beginning here may have, by its first bytes: as a question and as an answer. */
export function frameLengths(bytes: Buffer, at: number): readonly number[] {
  const code = bytes[at + 1] ?? 0;
  const counted = (place: number): number => (bytes[at + place] ?? 0) + FRAME_AROUND_BYTES;
  if ((code & EXCEPTION_BIT) !== 0) return [5];
  switch (code) {
    case 1:
    case 2:
    case 3:
    case 4:
      return [8, 2 + counted(2)];
    case 5:
    case 6:
      return [8];
    case 15:
    case 16:
      return [8, 6 + counted(6)];
    case 22:
      return [10];
    case 23:
      return [10 + counted(10), 2 + counted(2)];
    case 7:
      return [4, 5];
    case 11:
      return [4, 8];
    case 12:
    case 17:
      return [4, 2 + counted(2)];
    case 43:
      return [7];
    default:
      return [];
  }
}
