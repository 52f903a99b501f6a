import type { IPublishPacket } from "mqtt-packet";

/** What the broker takes from one client, as its vendor states it. Absent: no limit beyond the standard's. */
export interface Limits {
  readonly topicLevelsMax?: number;
  readonly topicBytesMax: number;
  /** a whole PUBLISH, fixed header included */
  readonly packetBytesMax: number;
  readonly payloadBytesMax?: number;
  readonly qosMax: 0 | 1 | 2;
  readonly retains: boolean;
  readonly clientIdBytesMax: number;
  readonly keepaliveSMin?: number;
  readonly keepaliveSMax?: number;
  /** in any second */
  readonly publishesPerSecondMax?: number;
  readonly bytesPerSecondMax?: number;
  readonly overRate: "drop" | "disconnect";
  readonly connectsPerSecondMax?: number;
  readonly inFlightMax: number;
  readonly subscriptionsMax?: number;
  readonly filtersPerSubscribeMax?: number;
}

/** Which limit a client went beyond. */
export type Excess =
  | "client-id"
  | "connect-rate"
  | "filters"
  | "forbidden"
  | "in-flight"
  | "keepalive"
  | "malformed"
  | "packet-size"
  | "publish-rate"
  | "qos"
  | "retained"
  | "subscriptions"
  | "topic"
  | "username";

export interface Violation {
  readonly excess: Excess;
  readonly detail: string;
}

/** Reason codes of MQTT 5 that go with an excess. @see MQTT 5 §2.4 */
export const REASONS: Readonly<Record<Excess, number>> = {
  "client-id": 0x85,
  "connect-rate": 0x9f,
  filters: 0x97,
  forbidden: 0x87,
  "in-flight": 0x93,
  keepalive: 0x8d,
  malformed: 0x81,
  "packet-size": 0x95,
  "publish-rate": 0x97,
  qos: 0x9b,
  retained: 0x9a,
  subscriptions: 0x97,
  topic: 0x90,
  username: 0x86,
};

/** @returns what is wrong with a topic or filter, undefined where nothing is */
export function topicExcess(limits: Limits, topic: string): string | undefined {
  const levels = topic.split("/").length;
  const bytes = Buffer.byteLength(topic);
  if (levels > (limits.topicLevelsMax ?? levels)) return `${levels} levels`;
  return bytes > limits.topicBytesMax ? `${bytes} bytes of topic` : undefined;
}

/** What a message is beyond, whoever sends it; the first limit that it breaks. @param bytes on the wire */
export function publishExcess(limits: Limits, packet: IPublishPacket, bytes: number): Violation | undefined {
  const { topic, qos, retain } = packet;
  const { payloadBytesMax = Number.POSITIVE_INFINITY } = limits;
  const payloadBytes = packet.payload.length;
  const beyond = topicExcess(limits, topic);
  if (beyond !== undefined) return { excess: "topic", detail: beyond };
  if (bytes > limits.packetBytesMax) return { excess: "packet-size", detail: `${bytes} bytes` };
  if (payloadBytes > payloadBytesMax) return { excess: "packet-size", detail: `${payloadBytes} bytes of payload` };
  // QoS 2 has acknowledgements of its own, which this broker does not know
  if (qos > Math.min(limits.qosMax, 1)) return { excess: "qos", detail: `${qos}` };
  return retain && !limits.retains ? { excess: "retained", detail: topic } : undefined;
}
