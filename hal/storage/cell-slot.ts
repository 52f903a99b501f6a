import { createHash } from "node:crypto";

/** Largest state a cell holds. A gateway configuration of 800 devices compiles to well under this. */
export const CELL_BYTES_MAX = 8 * 1024 * 1024;

/** "HFCELL", a zero, the version. */
const MAGIC = Buffer.from([0x48, 0x46, 0x43, 0x45, 0x4c, 0x4c, 0x00, 0x01]);
const GENERATION_AT = MAGIC.length;
const LENGTH_AT = GENERATION_AT + 8;
const DIGEST_AT = LENGTH_AT + 4;
const DIGEST_BYTES = 32;
const SLOT_HEADER_BYTES = DIGEST_AT + DIGEST_BYTES;
export const SLOT_BYTES_MAX = SLOT_HEADER_BYTES + CELL_BYTES_MAX;

/** One whole state. The slot with the higher generation is the later one. */
export interface Slot {
  readonly generation: bigint;
  readonly state: Uint8Array;
}

/** Magic, generation (8 bytes), length (4 bytes), SHA-256 of all three and the state, then the state. Big-endian. */
export function encodeSlot({ generation, state }: Slot): Uint8Array {
  const bytes = Buffer.alloc(SLOT_HEADER_BYTES + state.length);
  MAGIC.copy(bytes);
  bytes.writeBigUInt64BE(generation, GENERATION_AT);
  bytes.writeUInt32BE(state.length, LENGTH_AT);
  bytes.set(state, SLOT_HEADER_BYTES);
  digest(bytes).copy(bytes, DIGEST_AT);
  return bytes;
}

/**
 * The state in a file's bytes, or undefined for whatever is not a whole one. What follows it is left over from a
 * longer state and does not matter.
 */
export function decodeSlot(file: Uint8Array): Slot | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < SLOT_HEADER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const length = bytes.readUInt32BE(LENGTH_AT);
  if (length > bytes.length - SLOT_HEADER_BYTES) return undefined;
  const slot = bytes.subarray(0, SLOT_HEADER_BYTES + length);
  if (!digest(slot).equals(slot.subarray(DIGEST_AT, SLOT_HEADER_BYTES))) return undefined;
  return { generation: slot.readBigUInt64BE(GENERATION_AT), state: slot.subarray(SLOT_HEADER_BYTES) };
}

function digest(slot: Buffer): Buffer {
  const sha256 = createHash("sha256").update(slot.subarray(0, DIGEST_AT));
  return sha256.update(slot.subarray(SLOT_HEADER_BYTES)).digest();
}
