import type { BrokerSnapshot } from "../../../agent/config/snapshot.ts";

/** A broker as `config compile` writes one where the file says little. */
export const anyBroker: BrokerSnapshot = {
  transport: "tcp",
  host: "broker.test",
  port: 8_883,
  path: "/",
  serverName: "broker.test",
  tlsVersionMin: "1.3",
  hybridOnly: false,
  protocol: "3.1.1",
  clientId: "gw-1",
  keepaliveS: 30,
  keepaliveSMin: 15,
  connectTimeoutMs: 15_000,
  retryMsMin: 1_000,
  retryMsMax: 60_000,
  packetBytesMax: 262_144,
  retains: true,
  anchorsPath: "/anchors.pem",
  certificatePath: "/certificate.pem",
  keyPath: "/key.pem",
};
