import { PDU_BYTES_MAX } from "./request.ts";

/** transaction id, protocol id, length, unit id */
export const MBAP_BYTES = 7;
/** the length field counts the unit id too */
const LENGTH_MAX = 1 + PDU_BYTES_MAX;
const LENGTH_MIN = 2;

export interface MbapFrame {
  readonly transactionId: number;
  readonly unit: number;
  readonly pdu: Uint8Array;
}

/** @see Modbus messaging on TCP/IP V1.0b §3.1.3 */
export function encodeMbap({ transactionId, unit, pdu }: MbapFrame): Uint8Array {
  const bytes = new Uint8Array(MBAP_BYTES + pdu.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, transactionId & 0xffff);
  view.setUint16(4, 1 + pdu.length);
  view.setUint8(6, unit);
  bytes.set(pdu, MBAP_BYTES);
  return bytes;
}

/**
 * Cuts a TCP stream into frames, however it was segmented. `malformed` is called once, for a protocol id other than 0
 * or a length outside 2 to 254: framing is lost then, and the connection has to go.
 */
export function mbapReader(frame: (frame: MbapFrame) => void, malformed: () => void): (chunk: Uint8Array) => void {
  let waiting: Uint8Array = new Uint8Array(0);
  let lost = false;
  return (chunk) => {
    if (lost) return;
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    while (waiting.length >= MBAP_BYTES) {
      const view = new DataView(waiting.buffer, waiting.byteOffset, waiting.byteLength);
      const length = view.getUint16(4);
      if (view.getUint16(2) !== 0 || length < LENGTH_MIN || length > LENGTH_MAX) {
        lost = true;
        return malformed();
      }
      const end = MBAP_BYTES - 1 + length;
      if (waiting.length < end) return;
      frame({
        transactionId: view.getUint16(0),
        unit: view.getUint8(6),
        pdu: new Uint8Array(waiting.subarray(MBAP_BYTES, end)),
      });
      waiting = waiting.subarray(end);
    }
  };
}
