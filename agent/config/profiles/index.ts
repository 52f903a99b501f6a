import { awsIotCore } from "./aws-iot-core.ts";
import { azureEventGrid } from "./azure-event-grid.ts";
import { emqx } from "./emqx.ts";
import { generic } from "./generic.ts";
import { hivemq } from "./hivemq.ts";
import { mosquitto } from "./mosquitto.ts";
import type { BrokerProfile } from "./profile.ts";
import type { Broker } from "../schema/broker.ts";

export { packetBytesTaken } from "./profile.ts";
export type { BrokerLimits, BrokerProfile } from "./profile.ts";

export type ProfileName = NonNullable<Broker["profile"]>;

/** Brokers whose limits are known, by the name that a file calls them; `generic` has none but the standard's. */
export const PROFILES: Readonly<Record<ProfileName, BrokerProfile>> = {
  generic,
  mosquitto,
  emqx,
  hivemq,
  "aws-iot-core": awsIotCore,
  "azure-event-grid": azureEventGrid,
};
