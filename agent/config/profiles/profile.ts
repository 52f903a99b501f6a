/**
 * What one broker takes from one client. Absent: no limit of its own beyond the standard's. Limits of an account or a
 * cluster as a whole are not here: no single gateway can keep to them.
 */
export interface BrokerLimits {
  /** `a/b` has two */
  readonly topicLevelsMax?: number;
  readonly topicBytesMax: number;
  /** a whole PUBLISH, fixed header included */
  readonly packetBytesMax: number;
  /** of a PUBLISH without topic and headers, where that is what the broker measures */
  readonly payloadBytesMax?: number;
  readonly qosMax: 0 | 1 | 2;
  /** whether retained messages are kept; where not, one may end the connection */
  readonly retains: boolean;
  readonly clientIdBytesMax: number;
  readonly keepaliveSMin?: number;
  readonly keepaliveSMax?: number;
  readonly publishesPerSecondMax?: number;
  readonly bytesPerSecondMax?: number;
  /** what becomes of a PUBLISH over the rate */
  readonly overRate: "drop" | "disconnect";
  /** CONNECT packets with the same client identifier */
  readonly connectsPerSecondMax?: number;
  /** QoS 1 messages without an acknowledgement: the Receive Maximum of MQTT 5 */
  readonly inFlightMax: number;
  readonly subscriptionsMax?: number;
  readonly filtersPerSubscribeMax?: number;
}

/** A kind of broker, as data. */
export interface BrokerProfile {
  /** as its makers call it */
  readonly title: string;
  readonly limits: BrokerLimits;
  /** where it listens; absent: wherever its owner wants */
  readonly ports?: { readonly tcp: readonly number[]; readonly websocket: readonly number[] };
  /** CONNECT without a user name is refused */
  readonly usernameNeeded: boolean;
  /** application protocol that TLS has to name on a port which serves others, too */
  readonly alpn?: { readonly port: number; readonly name: string };
}

/** @see MQTT 3.1.1 §1.5.3 and MQTT 5 §1.5.4: a text is at most so long */
export const TEXT_BYTES_MAX = 65_535;
/** @see MQTT 3.1.1 §2.2.3: four bytes of length, and the byte before them */
export const PACKET_BYTES_MAX = 268_435_455 + 5;
/** @see MQTT 5 §3.1.2.11.3: what Receive Maximum is where nobody says otherwise */
export const IN_FLIGHT_MAX = 65_535;

/** Longest PUBLISH that is surely taken: a limit of the payload is kept by the whole packet. */
export function packetBytesTaken(limits: BrokerLimits): number {
  return Math.min(limits.packetBytesMax, limits.payloadBytesMax ?? limits.packetBytesMax);
}
