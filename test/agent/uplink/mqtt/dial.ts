import type { BrokerSnapshot } from "../../../../agent/config/snapshot.ts";
import { credentials } from "../../../../agent/uplink/credentials.ts";
import type { BrokerMaterial } from "../../../../agent/uplink/credentials.ts";
import type { Connection } from "../../../../agent/uplink/mqtt/connection.ts";
import { explain } from "../../../../agent/uplink/mqtt/fault.ts";
import { openConnection } from "../../../../agent/uplink/mqtt/open-connection.ts";
import type { Step, StepTaken } from "../../../../agent/uplink/mqtt/steps.ts";
import type { Network } from "../../../../hal/network.ts";
import type { VirtualClock } from "../../../../simulator/clock.ts";
import { anyBroker } from "../any-broker.ts";
import { gatewayMaterial } from "../world.ts";

export const HOST = "broker.test";
export const PORT = 8883;

/** One attempt to reach a broker: how far it came, and with what. */
export interface Dialled {
  readonly connection: Connection | undefined;
  readonly code: string | undefined;
  /** as a person would read it */
  readonly message: string;
  readonly begun: readonly Step[];
  readonly taken: readonly StepTaken[];
  readonly messages: readonly string[];
}

export async function dial(
  clock: VirtualClock,
  network: Network,
  broker: Partial<BrokerSnapshot> = {},
  material: BrokerMaterial = gatewayMaterial,
): Promise<Dialled> {
  const whole: BrokerSnapshot = {
    ...anyBroker,
    host: HOST,
    port: PORT,
    serverName: HOST,
    connectTimeoutMs: 5_000,
    ...broker,
  };
  const begun: Step[] = [];
  const taken: StepTaken[] = [];
  const messages: string[] = [];
  let outcome: { readonly connection: Connection } | { readonly error: unknown } | undefined;
  openConnection(
    { clock, network },
    {
      broker: whole,
      credentials: await credentials(() => Promise.resolve(material))(whole, "hybrid"),
      keepaliveS: whole.keepaliveS,
      version: whole.protocol === "5" ? "5" : "3.1.1",
      will: () => Promise.resolve(undefined),
      filters: [],
      subscribeRefused() {},
      message: (topic) => messages.push(topic),
      oversize() {},
      watch: { begun: (step) => begun.push(step), taken: (step) => taken.push(step) },
    },
    new AbortController().signal,
  ).then(
    (connection) => (outcome = { connection }),
    (error: unknown) => (outcome = { error }),
  );
  await clock.advanceUntil(() => outcome !== undefined, 2 * whole.connectTimeoutMs);
  if (outcome === undefined) throw new Error("an attempt has an end");
  if ("connection" in outcome) {
    return { connection: outcome.connection, code: undefined, message: "", begun, taken, messages };
  }
  return { connection: undefined, ...explain(outcome.error, whole), begun, taken, messages };
}
