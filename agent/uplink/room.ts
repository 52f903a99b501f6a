import type { Clock } from "../../hal/clock.ts";
import type { Disk } from "../../hal/disk.ts";
import type { Entropy } from "../../hal/entropy.ts";
import type { Network } from "../../hal/network.ts";
import type { TlsMaterial } from "../../hal/tls.ts";
import type { BrokerSnapshot } from "../config/snapshot.ts";
import { decodeFieldToUplink, decodeKeeperToUplink } from "../contract/decode.ts";
import type { Dialer } from "../contract/door.ts";
import type { Log } from "../contract/log.ts";
import { bdSeqCounter } from "./bd-seq.ts";
import { Configuration } from "./configuration.ts";
import { fieldTalk, keeperTalk } from "./conversations.ts";
import { credentials } from "./credentials.ts";
import { keepLink } from "./link.ts";
import { UplinkError } from "./mqtt/fault.ts";
import { openPartStore } from "./part.ts";
import { Telemetry } from "./session/telemetry.ts";
import { emptyState, recordFault } from "./state.ts";

export interface UplinkParts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly network: Network;
  /** the room's own folder: bdSeq and the last good configuration */
  readonly disk: Disk;
  /** PEM texts of the broker connection, asked for at every attempt */
  readonly material: (broker: BrokerSnapshot) => Promise<TlsMaterial>;
  readonly field: Dialer;
  readonly keeper: Dialer;
  readonly log: Log;
  readonly version: string;
}

/**
 * Carries telemetry from `field` to the broker as a Sparkplug B edge node, until `signal` aborts. It starts on its last
 * good configuration and needs neither `keeper` nor `field` to keep its session.
 */
export async function runUplink(parts: UplinkParts, signal: AbortSignal): Promise<void> {
  const { clock, entropy, log, disk } = parts;
  const state = emptyState();
  const telemetry = new Telemetry({
    clock,
    version: parts.version,
    counters: state,
    events: {
      birthTooLarge({ name }, bytes, bytesMax) {
        log.error("birth.too-large", { source: name, bytes, bytesMax });
        const message = `the birth of ${name} takes ${bytes} bytes, ${bytesMax} allowed: its values are lost`;
        const { part } = configuration;
        if (part !== undefined) {
          recordFault(state, clock, new UplinkError("UPLINK_BIRTH_TOO_LARGE", message), part.brokers[0]);
        }
      },
    },
  });
  const configuration = new Configuration(
    { ...parts, context: credentials(parts.material), bdSeq: bdSeqCounter(disk, parts.entropy), telemetry, state },
    openPartStore(disk),
  );
  await configuration.start();
  using field = fieldTalk(clock, log, telemetry);
  await Promise.all([
    keepLink(
      { clock, entropy, log, dialer: parts.keeper, peer: "keeper" },
      decodeKeeperToUplink,
      keeperTalk(clock, configuration, state),
      signal,
    ),
    keepLink({ clock, entropy, log, dialer: parts.field, peer: "field" }, decodeFieldToUplink, field, signal),
    configuration.run(signal),
  ]);
}
