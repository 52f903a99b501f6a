import type { BrokerSnapshot } from "../../../agent/config/snapshot.ts";
import { gatewayAccess, openBroker } from "../../../simulator/broker/index.ts";
import type { EmbeddedBroker } from "../../../simulator/broker/index.ts";
import { anyBroker } from "./any-broker.ts";
import { pki } from "./world.ts";
import type { World } from "./world.ts";

export const FIRST = "broker.test";
export const SPARE = "spare.test";
const PORT = 8883;

/** The two brokers of a configuration, the first the one that every world has. */
export function twoBrokers(broker: Partial<BrokerSnapshot> = {}): readonly [BrokerSnapshot, BrokerSnapshot] {
  const of = (host: string): BrokerSnapshot => ({
    ...anyBroker,
    port: PORT,
    clientId: "harbour-gw-1",
    ...broker,
    host,
    serverName: host,
  });
  return [of(FIRST), of(SPARE)];
}

const material = pki.broker(SPARE);

/** Another broker in the same network, which the host of the world hears as well. */
export async function openSpare(w: World): Promise<EmbeddedBroker> {
  const access = gatewayAccess({ group: "harbour", edgeNode: "gw-1", site: "harbour", device: "gw-1" });
  const broker = await openBroker({
    clock: w.clock,
    network: w.network,
    target: { kind: "tcp", host: SPARE, port: PORT },
    material,
    access: (identity) => (identity === "gw-1" ? access : undefined),
  });
  const watch = broker.record.watch((received) => {
    if (received.identity === "gw-1") w.host.receive(received);
  });
  return {
    ...broker,
    get port() {
      return broker.port;
    },
    async [Symbol.asyncDispose]() {
      watch[Symbol.dispose]();
      await broker[Symbol.asyncDispose]();
    },
  };
}
