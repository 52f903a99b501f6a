import type { Entropy } from "../../hal/entropy.ts";
import { asciiReader, encodeAscii } from "./ascii-frame.ts";
import { damageAscii, damageMbap, damageRtu } from "./damage.ts";
import type { Fault } from "./fault.ts";
import { encodeMbap, mbapReader } from "./mbap.ts";
import type { MbapFrame } from "./mbap.ts";
import { decodeRtu, encodeRtu, expectedRequestBytes } from "./rtu-frame.ts";

/** How frames look on one socket. Frames of serial lines have no transaction id: it is 0 then, and means nothing. */
export interface SocketCodec {
  encode(frame: MbapFrame): Uint8Array;
  /** The segments of a reply after the faults that struck it. */
  damage(reply: MbapFrame, faults: readonly Fault[], entropy: Entropy): readonly Uint8Array[];
  /** @param malformed called once framing is lost for good */
  reader(frame: (frame: MbapFrame) => void, malformed: () => void): (chunk: Uint8Array) => void;
}

const NO_TRANSACTION = { transactionId: 0 } as const;

export const SOCKET_CODECS: Readonly<Record<"mbap" | "rtu" | "ascii", SocketCodec>> = {
  mbap: { encode: encodeMbap, damage: damageMbap, reader: mbapReader },
  rtu: {
    encode: encodeRtu,
    damage: (reply, faults, entropy) => inSegments(damageRtu(reply, faults, entropy), faults),
    reader: rtuReader,
  },
  ascii: {
    encode: encodeAscii,
    damage: (reply, faults, entropy) => inSegments(damageAscii(reply, faults, entropy), faults),
    reader: (frame) =>
      asciiReader(
        (heard) => frame({ ...heard, ...NO_TRANSACTION }),
        () => {},
      ),
  },
};

/** No silence on a socket: a request is as long as its function code says. One with a wrong CRC loses all that is there. */
function rtuReader(frame: (frame: MbapFrame) => void): (chunk: Uint8Array) => void {
  let waiting: Uint8Array = new Uint8Array(0);
  return (chunk) => {
    waiting = Buffer.concat([waiting, chunk]);
    for (;;) {
      const length = expectedRequestBytes(waiting);
      if (length === undefined && waiting.length > 1) waiting = new Uint8Array(0);
      if (length === undefined || waiting.length < length) return;
      const decoded = decodeRtu(waiting.subarray(0, length));
      waiting = decoded === undefined ? new Uint8Array(0) : waiting.subarray(length);
      if (decoded !== undefined) frame({ ...decoded, ...NO_TRANSACTION });
    }
  };
}

function inSegments(bytes: Uint8Array, faults: readonly Fault[]): readonly Uint8Array[] {
  if (faults.some(({ kind }) => kind === "split-bytes")) return Array.from(bytes, (byte) => Uint8Array.of(byte));
  return faults.some(({ kind }) => kind === "duplicated-reply") ? [Buffer.concat([bytes, bytes])] : [bytes];
}
