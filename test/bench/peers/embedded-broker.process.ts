import { readFileSync } from "node:fs";
import { linuxClock } from "../../../hal/linux/clock.ts";
import { linuxNetwork } from "../../../hal/linux/network.ts";
import { gatewayAccess, observerAccess, openBroker } from "../../../simulator/broker/index.ts";
import { peerOptions, servePeer } from "../machine/peer-side.ts";
import { GATEWAY, OBSERVER } from "./identities.ts";
import type { PemPaths } from "./pki.ts";

/** Stands in where Mosquitto is not installed: another process all the same, so that its work is not the gateway's. */
export interface EmbeddedBrokerReady {
  readonly port: number;
}

const paths = peerOptions() as PemPaths;
const broker = await openBroker({
  clock: linuxClock(),
  network: linuxNetwork(),
  target: { kind: "tcp", host: "127.0.0.1", port: 0 },
  material: {
    anchors: readFileSync(paths.anchors, "utf8"),
    certificate: readFileSync(paths.certificate, "utf8"),
    key: readFileSync(paths.key, "utf8"),
  },
  access(identity) {
    if (identity === OBSERVER) return observerAccess(GATEWAY.group);
    return identity === GATEWAY.device ? gatewayAccess(GATEWAY) : undefined;
  },
});
servePeer({ port: broker.port } satisfies EmbeddedBrokerReady, () => ({}));
