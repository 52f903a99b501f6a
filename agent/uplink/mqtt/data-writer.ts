import type { ByteStream } from "../../../hal/network.ts";
import type { ProtocolVersion } from "./protocol.ts";

const PUBLISH_QOS_0 = 0x30;
const TOPIC_LENGTH_BYTES = 2;
const REMAINING_LENGTH_BYTES_MAX = 4;
/** A round's messages are collected in buffers of this size; a TLS record holds a quarter of it. */
const CHUNK_BYTES_MAX = 65_536;
const CHUNK_BYTES_MIN = 1_024;

/** Writes PUBLISH packets at QoS 0, whose order with whatever else goes over the stream is the caller's to keep. */
export interface DataWriter {
  publish(topic: string, payload: Uint8Array): void;
  /** Hands what is collected to the stream: before anything else is written to it, and at the end of the turn anyway. */
  flush(): void;
  /** not yet handed to the stream */
  readonly collectedBytes: number;
}

/**
 * Thousands of small messages a second: the client library's way, with packet objects, events and six writes for each,
 * costs more than encoding them. What is published in one turn of the event loop leaves in one write.
 * @see MQTT 3.1.1 §3.3, MQTT 5 §3.3: fixed header, topic, properties (none), payload
 */
export function dataWriter(stream: ByteStream, protocol: ProtocolVersion): DataWriter {
  const properties = protocol === "5" ? 1 : 0;
  let chunk = Buffer.alloc(0);
  let used = 0;
  let corked = false;
  /** what the turn before came to, a good guess for the next */
  let turnBytes = CHUNK_BYTES_MIN;
  let turnBytesSoFar = 0;

  const flush = (): void => {
    if (used === 0) return;
    const full = chunk.subarray(0, used);
    turnBytesSoFar += used;
    chunk = chunk.subarray(used);
    used = 0;
    if (!stream.destroyed) stream.write(full);
  };
  const endTurn = (): void => {
    flush();
    corked = false;
    turnBytes = Math.max(CHUNK_BYTES_MIN, turnBytesSoFar);
    turnBytesSoFar = 0;
    chunk = Buffer.alloc(0); // what is left of it would keep the whole alive
    stream.uncork();
  };
  return {
    get collectedBytes() {
      return used;
    },
    flush,
    publish(topic, payload) {
      if (!corked) {
        corked = true;
        // joins whatever else is written in this turn, the mark above all, in one TLS record
        stream.cork();
        queueMicrotask(endTurn);
      }
      const topicBytes = Buffer.byteLength(topic);
      const remaining = TOPIC_LENGTH_BYTES + topicBytes + properties + payload.length;
      const bytesMax = 1 + REMAINING_LENGTH_BYTES_MAX + remaining;
      if (chunk.length - used < bytesMax) {
        flush();
        chunk = Buffer.allocUnsafe(Math.max(bytesMax, Math.min(turnBytes, CHUNK_BYTES_MAX)));
      }
      chunk[used++] = PUBLISH_QOS_0;
      let length = remaining;
      for (; length > 0x7f; length >>>= 7) chunk[used++] = (length & 0x7f) | 0x80;
      chunk[used++] = length;
      used = chunk.writeUInt16BE(topicBytes, used);
      used += chunk.write(topic, used);
      if (properties > 0) chunk[used++] = 0;
      chunk.set(payload, used);
      used += payload.length;
    },
  };
}
