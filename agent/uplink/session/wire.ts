import type { TrafficClass } from "../../contract/uplink-status.ts";
import type { UplinkError } from "../mqtt/fault.ts";

/** The broker connection as the session sees it. After the connection is gone every call does nothing. */
export interface Wire {
  /** QoS 0, not retained. Births and deaths are live, too. */
  publish(topic: string, payload: Uint8Array, traffic: "live" | "history"): void;
  /**
   * QoS 1; `acknowledged` is called once, when the broker took it, and never where the connection ends first.
   * @param expiryS after which an MQTT 5 broker forgets it
   */
  publishAcknowledged(
    topic: string,
    payload: Uint8Array,
    retain: boolean,
    acknowledged: () => void,
    expiryS?: number,
  ): void;
  /**
   * Whether a message of that class may go now: the broker's inbound rate and the byte budget. What may not go waits
   * where it is; births, deaths and marks of what was published go regardless and are counted.
   */
  allows(traffic: TrafficClass): boolean;
  /** Bytes that the socket has not taken yet. */
  waitingBytes(): number;
  /** Ends the connection at once, for a reason that is ours. */
  cut(reason: UplinkError): void;
  /** Longest MQTT packet both sides allow. */
  readonly packetBytesMax: number;
}

/** Header, topic length and MQTT 5 properties around a payload, rounded up. */
const PACKET_OVERHEAD_BYTES = 32;

/** Bytes left for a payload on this topic. */
export function payloadBytesMax(wire: Wire, topic: string): number {
  return wire.packetBytesMax - PACKET_OVERHEAD_BYTES - topic.length;
}
