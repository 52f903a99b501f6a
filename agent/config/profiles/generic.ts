import { IN_FLIGHT_MAX, PACKET_BYTES_MAX, TEXT_BYTES_MAX } from "./profile.ts";
import type { BrokerProfile } from "./profile.ts";

/** Any broker that keeps to the standard. */
export const generic: BrokerProfile = {
  title: "a broker",
  limits: {
    topicBytesMax: TEXT_BYTES_MAX,
    packetBytesMax: PACKET_BYTES_MAX,
    qosMax: 2,
    retains: true,
    clientIdBytesMax: TEXT_BYTES_MAX,
    overRate: "drop",
    inFlightMax: IN_FLIGHT_MAX,
  },
  usernameNeeded: false,
};
