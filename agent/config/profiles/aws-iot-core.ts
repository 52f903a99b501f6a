import type { BrokerProfile } from "./profile.ts";

/**
 * AWS IoT Core. Source: AWS General Reference, "AWS IoT Core endpoints and quotas", message broker limits; AWS IoT
 * Developer Guide, "Device communication protocols". Read on 2026-11-22. Of these only the
 * number of subscriptions can be raised on request.
 */
export const awsIotCore: BrokerProfile = {
  title: "AWS IoT Core",
  limits: {
    // seven slashes
    topicLevelsMax: 8,
    topicBytesMax: 256,
    // 128 KB of payload. How long the whole packet may be is not stated, so we plan with the same.
    packetBytesMax: 131_072,
    payloadBytesMax: 131_072,
    qosMax: 1,
    retains: true,
    clientIdBytesMax: 128,
    // less counts as 30, more as 1200
    keepaliveSMin: 30,
    keepaliveSMax: 1_200,
    publishesPerSecondMax: 100,
    // 512 KB of throughput on a connection
    bytesPerSecondMax: 524_288,
    // throttled messages get no acknowledgement and the connection stays
    overRate: "drop",
    connectsPerSecondMax: 1,
    inFlightMax: 100,
    subscriptionsMax: 50,
    filtersPerSubscribeMax: 8,
  },
  // over WebSocket it takes AWS's own signatures and custom authorizers, not certificates
  ports: { tcp: [8_883, 443], websocket: [] },
  usernameNeeded: false,
  alpn: { port: 443, name: "x-amzn-mqtt-ca" },
};
