import type { Entropy } from "../../hal/entropy.ts";
import type { Fault } from "./fault.ts";
import type { MbapFrame } from "./mbap.ts";
import { encodeMbap } from "./mbap.ts";
import type { RtuFrame } from "./rtu-frame.ts";
import { encodeRtu } from "./rtu-frame.ts";
import { encodeAscii } from "./ascii-frame.ts";

const PROTOCOL_ID_OFFSET = 2;
const LENGTH_OFFSET = 4;
/** the second character of the LRC stands before CR LF */
const LRC_FROM_END = 3;
const HEX_DIGITS = "0123456789ABCDEF";

/** The bytes of a serial reply after the faults that struck it. */
export function damageRtu(reply: RtuFrame, faults: readonly Fault[], entropy: Entropy): Uint8Array {
  let bytes = encodeRtu(damageContent(reply, faults, entropy));
  for (const fault of faults) {
    if (fault.kind === "crc-error") bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ (1 << pick(entropy, 8));
    bytes = damageBytes(bytes, fault, entropy);
  }
  return bytes;
}

/** The characters of a serial reply in ASCII after the faults that struck it. */
export function damageAscii(reply: RtuFrame, faults: readonly Fault[], entropy: Entropy): Uint8Array {
  let characters = encodeAscii(damageContent(reply, faults, entropy));
  for (const fault of faults) {
    if (fault.kind === "crc-error") {
      const last = characters.length - LRC_FROM_END;
      characters[last] = HEX_DIGITS.charCodeAt(
        (HEX_DIGITS.indexOf(String.fromCharCode(characters[last] as number)) + 1) % 16,
      );
    }
    characters = damageBytes(characters, fault, entropy);
  }
  return characters;
}

/** The segments of a TCP reply after the faults that struck it. */
export function damageMbap(reply: MbapFrame, faults: readonly Fault[], entropy: Entropy): readonly Uint8Array[] {
  const content = { ...reply, ...damageContent(reply, faults, entropy) };
  const wrong = faults.some(({ kind }) => kind === "wrong-transaction");
  let bytes = encodeMbap(wrong ? { ...content, transactionId: foreign(reply) } : content);
  let segments: Uint8Array[] | undefined;
  for (const fault of faults) {
    if (fault.kind === "wrong-protocol") bytes[PROTOCOL_ID_OFFSET + 1] = 1;
    if (fault.kind === "oversize-length") bytes.fill(0xff, LENGTH_OFFSET, LENGTH_OFFSET + 2);
    bytes = damageBytes(bytes, fault, entropy);
    if (fault.kind === "duplicated-reply") bytes = Buffer.concat([bytes, bytes]);
    if (fault.kind === "two-replies") {
      bytes = Buffer.concat([encodeMbap({ ...content, transactionId: foreign(reply) }), bytes]);
    }
    if (fault.kind === "split-bytes") segments = Array.from(bytes, (byte) => Uint8Array.of(byte));
  }
  return segments ?? [bytes];
}

function damageContent(reply: RtuFrame, faults: readonly Fault[], entropy: Entropy): RtuFrame {
  let { unit, pdu } = reply;
  for (const fault of faults) {
    if (fault.kind === "wrong-unit") unit = fault.unit ?? (unit % 247) + 1;
    // function code stays, or it would be no frame at all
    if (fault.kind === "short-frame") pdu = pdu.slice(0, Math.max(1, pdu.length - (fault.bytes ?? 1)));
    if (fault.kind === "long-frame") pdu = Buffer.concat([pdu, entropy.bytes(fault.bytes ?? 2)]);
  }
  return { unit, pdu };
}

function damageBytes(bytes: Uint8Array, fault: Fault, entropy: Entropy): Uint8Array {
  if (fault.kind === "half-reply") return bytes.slice(0, bytes.length >> 1);
  if (fault.kind !== "byte-loss") return bytes;
  const { rate } = fault;
  if (rate !== undefined) return bytes.filter(() => entropy.fraction() >= rate);
  const lost = fault.byte ?? pick(entropy, bytes.length);
  return bytes.filter((_, i) => i !== lost);
}

function foreign({ transactionId }: MbapFrame): number {
  return (transactionId + 0x4000) & 0xffff;
}

function pick(entropy: Entropy, count: number): number {
  return Math.floor(entropy.fraction() * count);
}
