import type { BrokerProfile } from "./profile.ts";

/**
 * The MQTT broker of an Azure Event Grid namespace. Source: learn.microsoft.com, "Azure Event Grid quotas and limits" and
 * "MQTT features supported by the Azure Event Grid MQTT broker". Read on 2026-11-22.
 */
export const azureEventGrid: BrokerProfile = {
  title: "Azure Event Grid",
  limits: {
    // 8 before May 2025
    topicLevelsMax: 15,
    topicBytesMax: 256,
    packetBytesMax: 524_288,
    qosMax: 1,
    // Kept since 2025, but a namespace made before that closes the connection on a retained message until it is updated.
    retains: false,
    // not stated; the longest that we take elsewhere
    clientIdBytesMax: 128,
    keepaliveSMax: 1_160,
    // 100 before July 2025
    publishesPerSecondMax: 1_000,
    bytesPerSecondMax: 1_000_000,
    // not stated, so the worse of the two
    overRate: "disconnect",
    // 1 before May 2025; the notes of that month give a new number that cannot be right (0), so we keep to the old one
    connectsPerSecondMax: 1,
    // and 64 KB in flight together: of QoS 1 a gateway sends marks and its health, a few at a time
    inFlightMax: 1_000,
    subscriptionsMax: 50,
    filtersPerSubscribeMax: 10,
  },
  ports: { tcp: [8_883], websocket: [443] },
  usernameNeeded: true,
};
