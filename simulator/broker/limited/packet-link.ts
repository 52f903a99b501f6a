import { generate, parser } from "mqtt-packet";
import type { Packet } from "mqtt-packet";
import type { ByteStream } from "../../../hal/network.ts";

/** Length bytes of MQTT carry seven bits each. */
const LENGTH_BASE = 128;

/** MQTT packets over one stream. */
export interface PacketLink {
  send(packet: Packet): void;
  /** Ends after what was sent. */
  close(): void;
}

/**
 * @param received a packet and its length on the wire
 * @param ended called once, for whatever reason
 */
export function openPacketLink(
  stream: ByteStream,
  received: (packet: Packet, bytes: number) => void,
  ended: (malformed: Error | undefined) => void,
): PacketLink {
  const packets = parser();
  let malformed: Error | undefined;
  let version: 3 | 4 | 5 = 4;
  let over = false;
  packets.on("packet", (packet) => {
    if (over) return;
    if (packet.cmd === "connect") version = packet.protocolVersion ?? 4;
    received(packet, bytesOf(packet.length ?? 0));
  });
  packets.on("error", (error: Error) => {
    malformed ??= error;
    stream.destroy();
  });
  stream.on("data", (chunk: Buffer) => {
    if (!over) packets.parse(chunk);
  });
  stream.once("close", () => {
    over = true;
    ended(malformed);
  });
  return {
    send(packet) {
      if (!over && stream.writable) stream.write(generate(packet, { protocolVersion: version }));
    },
    close() {
      over = true;
      stream.end(() => stream.destroy());
    },
  };
}

function bytesOf(remaining: number): number {
  let lengthBytes = 1;
  for (let rest = remaining; rest >= LENGTH_BASE; rest /= LENGTH_BASE) lengthBytes += 1;
  return 1 + lengthBytes + remaining;
}
