import type { BrokerSnapshot } from "../../config/snapshot.ts";
import type { KeyExchange } from "../../uplink/credentials.ts";
import type { ProtocolVersion } from "../../uplink/mqtt/protocol.ts";
import type { StepTaken } from "../../uplink/mqtt/steps.ts";
import { STALLS_MAX } from "../../uplink/way/hybrid.ts";
import type { Finding } from "./finding.ts";
import { certificateWords, offerWords } from "./tls-words.ts";

const IN_FLIGHT_UNLIMITED = 65_535;
const HYBRID_BLAMED = `X25519MLKEM768 is not answered and X25519 alone is: something on the way drops first messages longer than one packet; after ${STALLS_MAX} such stalls the gateway offers X25519 alone, and asks again daily`;

/** A step that was taken, as it is told. */
export function takenWords(
  taken: StepTaken,
  broker: BrokerSnapshot,
  version: ProtocolVersion,
  keyExchange: KeyExchange,
  clientId: string,
): Omit<Finding, "tookMs"> {
  const ok = (says: string, ...details: readonly string[]) =>
    ({ step: taken.step, outcome: "ok", says, details }) as const;
  const { host, port, proxy } = broker;
  switch (taken.step) {
    case "tcp": {
      const whom = proxy === undefined ? "" : "the proxy ";
      const to = taken.remoteAddress === "" ? (proxy?.host ?? host) : taken.remoteAddress;
      const from = taken.localAddress === "" ? "" : ` from ${taken.localAddress}`;
      return ok(`connected to ${whom}${to} port ${proxy?.port ?? port}${from}`);
    }
    case "proxy":
      return ok(`the proxy opened a tunnel to ${host}:${port}`);
    case "tls": {
      const { version: tls, cipher, group } = taken.facts;
      const chosen = [tls, cipher, ...(group === "" ? [] : [`key exchange ${group}`])].join(", ");
      const { peer } = taken;
      return ok(
        chosen,
        offerWords(broker, keyExchange),
        ...(keyExchange === "classical" ? [HYBRID_BLAMED] : []),
        ...(peer === undefined ? [] : [certificateWords("the broker is", peer)]),
      );
    }
    case "websocket":
      return ok(`WebSocket at ${broker.path}`);
    case "mqtt": {
      const { packetBytesMax, inFlightMax, retains, keepaliveS } = taken.welcome;
      const limits = [
        `packets to ${packetBytesMax} bytes`,
        ...(inFlightMax === IN_FLIGHT_UNLIMITED ? [] : [`${inFlightMax} unacknowledged at once`]),
        retains ? "retained messages" : "no retained messages",
        `keep-alive ${keepaliveS} s`,
      ];
      return ok(`the broker takes ${clientId} over MQTT ${version}`, `it allows ${limits.join(", ")}`);
    }
    case "subscribe":
      return taken.refused.length === 0
        ? ok("the broker lets the gateway hear its commands")
        : {
            ...ok(`the broker refuses to let the gateway hear ${taken.refused.join(", ")}; allow it`),
            outcome: "failed",
            code: "UPLINK_SUBSCRIBE_REFUSED",
          };
  }
}
