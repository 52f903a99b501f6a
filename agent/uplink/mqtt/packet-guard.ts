const CONNACK = 2;
const PUBLISH = 3;
const PUBACK = 4;
const SUBACK = 9;
const PINGRESP = 13;
const DISCONNECT = 14;
/** What a broker may send to a client that publishes and subscribes at QoS 0 and 1 and never unsubscribes. */
const EXPECTED = new Set([CONNACK, PUBLISH, PUBACK, SUBACK, PINGRESP, DISCONNECT]);
const LENGTH_BYTES_MAX = 4;

export type PacketViolation =
  | { readonly kind: "too-large"; readonly bytes: number }
  | { readonly kind: "unexpected"; readonly message: string };

/**
 * Watches the fixed headers of what a broker sends, so that a packet is refused when its length is announced and not
 * after it has been collected. `violated` is called once; nothing is watched after it.
 * @param publishBytesMax longest PUBLISH that passes, wanted or not
 * @see MQTT 3.1.1 §2.2, MQTT 5 §2.1: packet type, flags, remaining length
 */
export function packetGuard(
  packetBytesMax: number,
  publishBytesMax: number,
  violated: (violation: PacketViolation) => void,
): (chunk: Uint8Array) => void {
  let skip = 0;
  let header: number | undefined;
  let length = 0;
  let lengthBytes = 0;
  let over = false;
  const refuse = (violation: PacketViolation): void => {
    over = true;
    violated(violation);
  };
  return (chunk) => {
    let i = 0;
    while (i < chunk.length) {
      if (over) return;
      if (skip > 0) {
        const skipped = Math.min(skip, chunk.length - i);
        skip -= skipped;
        i += skipped;
        continue;
      }
      const byte = chunk[i++] as number;
      if (header === undefined) {
        header = byte;
        const type = byte >> 4;
        const qos = (byte >> 1) & 3;
        if (!EXPECTED.has(type)) refuse({ kind: "unexpected", message: `a packet of type ${type}` });
        else if (type === PUBLISH && qos > 1) refuse({ kind: "unexpected", message: `a PUBLISH at QoS ${qos}` });
        continue;
      }
      length += (byte & 0x7f) * 128 ** lengthBytes;
      lengthBytes += 1;
      if (byte >= 0x80) {
        if (lengthBytes === LENGTH_BYTES_MAX) refuse({ kind: "unexpected", message: "a length of over 4 bytes" });
        continue;
      }
      const bytes = 1 + lengthBytes + length;
      const bytesMax = header >> 4 === PUBLISH ? publishBytesMax : packetBytesMax;
      if (bytes > bytesMax) refuse({ kind: "too-large", bytes });
      skip = length;
      header = undefined;
      length = 0;
      lengthBytes = 0;
    }
  };
}
