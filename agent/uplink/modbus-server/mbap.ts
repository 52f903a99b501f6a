/** @see MODBUS Messaging on TCP/IP Implementation Guide V1.0b §3.1.3 */
const HEADER_BYTES = 7;
/** What the length in a header counts from: the unit id is behind it. */
const LENGTH_COUNTS_FROM = 6;
/** Unit id and function code at least. */
const LENGTH_MIN = 2;
const PDU_BYTES_MAX = 253;
const LENGTH_MAX = PDU_BYTES_MAX + 1;
export const FRAME_BYTES_MAX = HEADER_BYTES + PDU_BYTES_MAX;

export interface RequestFrame {
  readonly transaction: number;
  readonly unit: number;
  /** function code and data */
  readonly pdu: Buffer;
  /** of the whole frame */
  readonly bytes: number;
}

/** The first frame in what was received; "more" where it is not whole yet, "garbage" where it will never be one. */
export function takeFrame(received: Buffer): RequestFrame | "more" | "garbage" {
  if (received.length < HEADER_BYTES) return "more";
  const length = received.readUInt16BE(4);
  if (received.readUInt16BE(2) !== 0 || length < LENGTH_MIN || length > LENGTH_MAX) return "garbage";
  const bytes = LENGTH_COUNTS_FROM + length;
  if (received.length < bytes) return "more";
  return {
    transaction: received.readUInt16BE(0),
    unit: received.readUInt8(6),
    pdu: received.subarray(HEADER_BYTES, bytes),
    bytes,
  };
}

export function replyFrame({ transaction, unit }: RequestFrame, pdu: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(transaction, 0);
  header.writeUInt16BE(pdu.length + 1, 4);
  header.writeUInt8(unit, 6);
  return Buffer.concat([header, pdu]);
}
