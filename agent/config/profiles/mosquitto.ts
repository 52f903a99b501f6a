import { TEXT_BYTES_MAX } from "./profile.ts";
import type { BrokerProfile } from "./profile.ts";

/** Eclipse Mosquitto 2 as it comes. Read on 2026-11-22. */
export const mosquitto: BrokerProfile = {
  title: "Mosquitto",
  limits: {
    // TOPIC_HIERARCHY_LIMIT in its source: more than 200 slashes are refused (CVE-2019-11779)
    topicLevelsMax: 201,
    topicBytesMax: TEXT_BYTES_MAX,
    // mosquitto.conf(5), max_packet_size: no limit in 2.0. A later release may ship with one, so we plan with 2 MB, which
    // is more than a gateway ever sends.
    packetBytesMax: 2_000_000,
    qosMax: 2,
    retains: true,
    clientIdBytesMax: TEXT_BYTES_MAX,
    // mosquitto.conf(5), max_keepalive
    keepaliveSMax: 65_535,
    overRate: "drop",
    // mosquitto.conf(5), max_inflight_messages
    inFlightMax: 20,
  },
  usernameNeeded: false,
};
