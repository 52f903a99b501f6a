import type { Clock } from "../../../hal/clock.ts";
import type { Network } from "../../../hal/network.ts";
import type { WayFinder } from "../../../hal/way-finder.ts";
import type { BrokerSnapshot, UplinkSnapshot } from "../../config/snapshot.ts";
import type { BrokerMaterial } from "../../uplink/credentials.ts";

/** What a walk needs of the machine. */
export interface WalkParts {
  readonly clock: Clock;
  readonly network: Network;
  readonly finder: WayFinder;
  readonly material: (broker: BrokerSnapshot) => Promise<BrokerMaterial>;
  readonly nonce: string;
}

/** What is to be walked. */
export interface WalkOrder {
  readonly part: UplinkSnapshot;
  readonly broker: BrokerSnapshot;
  /** leave by this one only */
  readonly interfaceName: string | undefined;
  /** the gateway's own client id, which ends the session of a gateway that runs */
  readonly takeOver: boolean;
  /** a source of the gateway, for a topic of its own */
  readonly source: string;
}
