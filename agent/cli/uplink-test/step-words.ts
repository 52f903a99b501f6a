import type { BrokerSnapshot } from "../../config/snapshot.ts";
import type { ProtocolVersion } from "../../uplink/mqtt/protocol.ts";
import type { StepTaken } from "../../uplink/mqtt/steps.ts";
import type { Finding } from "./finding.ts";
import { certificateWords, offerWords } from "./tls-words.ts";

const IN_FLIGHT_UNLIMITED = 65_535;

/** A step that was taken, as it is told. */
export function takenWords(
  taken: StepTaken,
  broker: BrokerSnapshot,
  version: ProtocolVersion,
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
      return ok(chosen, offerWords(broker), ...(peer === undefined ? [] : [certificateWords("the broker is", peer)]));
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
