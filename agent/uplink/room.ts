import type { Clock } from "../../hal/clock.ts";
import type { Datagrams } from "../../hal/datagram.ts";
import type { Disk } from "../../hal/disk.ts";
import type { Entropy } from "../../hal/entropy.ts";
import type { Network } from "../../hal/network.ts";
import type { BrokerSnapshot } from "../config/snapshot.ts";
import { decodeFieldToUplink, decodeKeeperToUplink } from "../contract/decode.ts";
import type { Dialer } from "../contract/door.ts";
import type { Log } from "../contract/log.ts";
import type { Standing } from "../contract/standing.ts";
import { bdSeqCounter } from "./bd-seq.ts";
import { Configuration } from "./configuration/configuration.ts";
import { openPartStore } from "./configuration/part.ts";
import { credentials } from "./credentials.ts";
import type { BrokerMaterial } from "./credentials.ts";
import { fieldTalk, keeperTalk } from "./link/conversations.ts";
import { keepLink } from "./link/link.ts";
import { ModbusServer } from "./modbus-server/server.ts";
import { ShownValues } from "./modbus-server/shown-values.ts";
import { UplinkError } from "./mqtt/fault.ts";
import { watchOwnCertificate } from "./own-certificate.ts";
import type { SinkMaterialSource } from "./notify/material.ts";
import { Notifier } from "./notify/notifier.ts";
import { receiverOf } from "./notify/receiver-of.ts";
import { spreadOf } from "./pace/spread.ts";
import { Telemetry } from "./session/telemetry.ts";
import { emptyState, recordFault } from "./state.ts";
import type { UplinkState } from "./state.ts";
import { countedDatagrams } from "./traffic/counted-datagrams.ts";
import { countedNetwork } from "./traffic/counted-network.ts";
import type { Crossed } from "./traffic/counted-network.ts";
import { Meter } from "./traffic/meter.ts";
import { openTrafficStore } from "./traffic/store.ts";
import { WayMemory } from "./way/memory.ts";

export interface UplinkParts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly network: Network;
  readonly datagrams: Datagrams;
  /** the room's own folder: bdSeq and the last good configuration */
  readonly disk: Disk;
  /** PEM texts and passwords of the broker connection, asked for at every attempt */
  readonly material: (broker: BrokerSnapshot) => Promise<BrokerMaterial>;
  /** what receivers of alarms are reached with, asked for at every attempt */
  readonly sinkMaterial: SinkMaterialSource;
  readonly field: Dialer;
  readonly keeper: Dialer;
  readonly log: Log;
  readonly version: string;
  /** what executes it, such as `node 24.1.0 linux-arm64` */
  readonly runtime: string;
  readonly standing?: Standing;
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
    rebirthDelayMs() {
      const { part } = configuration;
      return part === undefined ? 0 : spreadOf(part).rebirthMs(state.births);
    },
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
  const { network, crossed: byTcp } = countedNetwork(parts.network);
  const { datagrams, crossed: byUdp } = countedDatagrams(parts.datagrams);
  const crossed = (): Crossed => {
    const [tcp, udp] = [byTcp(), byUdp()];
    return { sent: tcp.sent + udp.sent, received: tcp.received + udp.received };
  };
  const meter = new Meter({ clock, log, store: openTrafficStore(disk), crossed });
  const memory = new WayMemory(clock, log, disk);
  const notifier = new Notifier({
    clock,
    entropy,
    log,
    receiver: (sink, origin) => {
      return receiverOf({ clock, network, datagrams, material: parts.sinkMaterial }, sink, origin);
    },
  });
  const shown = new ShownValues(clock);
  const configDigest = (): string => state.configDigest;
  // what it carries is none of the broker's bytes
  await using server = new ModbusServer({ clock, network: parts.network, log, values: shown, configDigest });
  using ownCertificate = watchOwnCertificate(parts);
  const configuration = new Configuration(
    {
      ...parts,
      network,
      meter,
      memory,
      credentials: credentials(parts.material, ownCertificate.used),
      bdSeq: bdSeqCounter(disk, parts.entropy),
      telemetry,
      state,
    },
    openPartStore(disk),
    (part) => {
      void notifier.configure(part);
      server.configure(part.modbusServer);
    },
  );
  await Promise.all([configuration.start(), meter.start(), memory.start()]);
  parts.standing?.ready(() => isWell(state, clock));
  using field = fieldTalk(clock, log, { telemetry, notifier, shown }, state);
  await Promise.all([
    keepLink(
      { clock, entropy, log, dialer: parts.keeper, peer: "keeper" },
      decodeKeeperToUplink,
      keeperTalk(clock, configuration, { notifier, server }, state),
      signal,
    ),
    keepLink({ clock, entropy, log, dialer: parts.field, peer: "field" }, decodeFieldToUplink, field, signal),
    configuration.run(signal),
  ]);
  await Promise.all([notifier.stop(), meter.store(true)]);
}

/** The longest `connectTimeoutMs`, and as much again for a disk that stalls under a key file. */
const ATTEMPT_MS_MAX = 240_000;

/** Every step to the broker has its deadline: an attempt that outlives them all hangs where nothing will wake it. */
function isWell({ attemptSinceMs }: UplinkState, clock: Clock): boolean {
  return attemptSinceMs === undefined || clock.monotonicMs() - attemptSinceMs < ATTEMPT_MS_MAX;
}
