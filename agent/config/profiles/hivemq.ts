import type { BrokerProfile } from "./profile.ts";

/**
 * HiveMQ 4 as it comes. Source: docs.hivemq.com, "HiveMQ MQTT Broker Configuration" and "MQTT-Specific Configuration".
 * Read on 2026-11-22. What HiveMQ Cloud limits by plan we did not find stated per client.
 */
export const hivemq: BrokerProfile = {
  title: "HiveMQ",
  limits: {
    // max-topic-length; no limit of depth is documented
    topicBytesMax: 65_535,
    // max-packet-size
    packetBytesMax: 268_435_460,
    // maximum-qos
    qosMax: 2,
    retains: true,
    // max-client-id-length
    clientIdBytesMax: 65_535,
    // max-keep-alive
    keepaliveSMax: 65_535,
    overRate: "drop",
    // server-receive-maximum
    inFlightMax: 10,
  },
  usernameNeeded: false,
};
