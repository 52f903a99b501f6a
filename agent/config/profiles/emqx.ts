import { TEXT_BYTES_MAX } from "./profile.ts";
import type { BrokerProfile } from "./profile.ts";

/** EMQX 5 as it comes. Source: docs.emqx.com, "MQTT Configuration" and "Operating Limitations". Read on 2026-11-22. */
export const emqx: BrokerProfile = {
  title: "EMQX",
  limits: {
    // max_topic_levels
    topicLevelsMax: 128,
    topicBytesMax: TEXT_BYTES_MAX,
    // max_packet_size
    packetBytesMax: 1_048_576,
    qosMax: 2,
    retains: true,
    // max_clientid_len
    clientIdBytesMax: 65_535,
    overRate: "drop",
    // max_inflight
    inFlightMax: 32,
  },
  usernameNeeded: false,
};
