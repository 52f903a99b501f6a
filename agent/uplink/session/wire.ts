/** The broker connection as the session sees it. After the connection is gone every call does nothing. */
export interface Wire {
  /** QoS 0, not retained. */
  publish(topic: string, payload: Uint8Array): void;
  /** QoS 1; `acknowledged` is called once, when the broker took it, and never where the connection ends first. */
  publishAcknowledged(topic: string, payload: Uint8Array, retain: boolean, acknowledged: () => void): void;
  /** Bytes that the socket has not taken yet. */
  waitingBytes(): number;
  /** Longest MQTT packet both sides allow. */
  readonly packetBytesMax: number;
}

/** Header, topic length and MQTT 5 properties around a payload, rounded up. */
const PACKET_OVERHEAD_BYTES = 32;

/** Bytes left for a payload on this topic. */
export function payloadBytesMax(wire: Wire, topic: string): number {
  return wire.packetBytesMax - PACKET_OVERHEAD_BYTES - topic.length;
}
