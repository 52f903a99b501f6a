import type { UplinkSnapshot } from "../../agent/config/snapshot.ts";
import { memoryDoor } from "../../agent/contract/door.ts";
import { silentLog } from "../../agent/contract/log.ts";
import { runUplink } from "../../agent/uplink/room.ts";
import type { Network } from "../../hal/network.ts";
import { demoPki } from "../../scripts/pki/demo.ts";
import { openBroker } from "../../simulator/broker/index.ts";
import type { VirtualClock } from "../../simulator/clock.ts";
import { memoryDisk } from "../../simulator/disk.ts";
import { seededEntropy } from "../../simulator/entropy.ts";
import { memoryDatagrams } from "../../simulator/datagram.ts";
import { memoryNetwork } from "../../simulator/network.ts";
import { anyBroker } from "../agent/uplink/any-broker.ts";
import { standInField } from "../agent/uplink/stand-in-field.ts";
import { standInKeeper } from "../agent/uplink/stand-in-keeper.ts";

const HOST = "broker.test";
const SPARE_HOST = "spare.test";
const PORT = 8_883;
export const GROUP = "coast";
const SOURCE = "meter";
const POINTS = ["power", "current", "voltage", "energy"];
const READ_EVERY_MS = 10_000;
/** the meters of a fleet are not read in the same instant */
const READ_PHASES = 20;

// made before any clock is virtual: certificates are valid in real time
const pki = demoPki();
const materials = { [HOST]: pki.broker(HOST), [SPARE_HOST]: pki.broker(SPARE_HOST) };
const gatewayMaterial = pki.gateway("fleet");

export interface FleetOptions {
  readonly gateways: number;
  readonly connectsPerSecond: number;
  /** nothing is said to a broker at which this host application is not online */
  readonly primaryHost?: string;
  /** a second broker in the list */
  readonly spare?: boolean;
}

/**
 * Many uplinks of the product, each with its own TLS and MQTT session, at one broker in one virtual world. What they
 * share is what costs time to make and means nothing here: the key pair and the access list. Each has a meter of four
 * values that is read every ten seconds. All are started in the same instant, with the same seed of chance.
 */
export async function fleet(clock: VirtualClock, options: FleetOptions) {
  const network = memoryNetwork(clock);
  const brokerAt = (host: keyof typeof materials) =>
    openBroker({
      clock,
      network,
      target: { kind: "tcp", host, port: PORT },
      material: materials[host],
      access: () => ({ publish: ["#"], subscribe: ["#"] }),
    });
  const broker = await brokerAt(HOST);
  const spare = await brokerAt(SPARE_HOST);
  const attempts: number[] = [];
  const counted: Network = {
    ...network,
    connect(target, signal) {
      attempts.push(clock.monotonicMs());
      return network.connect(target, signal);
    },
  };
  const stop = new AbortController();
  const gateways = await Promise.all(
    Array.from({ length: options.gateways }, async (_, i) => {
      const device = `gw-${i + 1}`;
      const doors = { field: memoryDoor(), keeper: memoryDoor() };
      const points = POINTS.map((name) => ({ name, type: "float64" as const }));
      const field = await standInField(doors.field.door, [{ name: SOURCE, points }]);
      const keeper = await standInKeeper(doors.keeper.door, "digest", partOf(device, options));
      const parts = { clock, entropy: seededEntropy(1), network: counted, disk: memoryDisk(), log: silentLog };
      const running = runUplink(
        {
          ...parts,
          datagrams: memoryDatagrams(clock, seededEntropy(1)),
          material: () => Promise.resolve(gatewayMaterial),
          sinkMaterial: () => Promise.resolve(gatewayMaterial),
          field: doors.field.dialer,
          keeper: doors.keeper.dialer,
          version: "test",
          runtime: "test",
        },
        stop.signal,
      );
      running.catch(() => {});
      return { device, field, keeper, running };
    }),
  );
  let reading: Disposable | undefined;
  const read = (phase: number): void => {
    reading = clock.after(READ_EVERY_MS / READ_PHASES, () => {
      for (const { field } of gateways.filter((_, i) => i % READ_PHASES === phase)) {
        const samples = POINTS.map((_, point) => [point, clock.monotonicMs()] as const);
        field.sample(SOURCE, samples, clock.wall().unixMs);
      }
      read((phase + 1) % READ_PHASES);
    });
  };
  read(0);
  return {
    clock,
    broker,
    spare,
    gateways,
    /** when any of them asked the network for a connection */
    attempts,
    online: () => broker.clients().length,
    /** the last sequence of a gateway's that was acknowledged, and the last that was sampled */
    progress(device: string): { readonly acknowledged: number; readonly sampled: number } {
      const field = gateways.find((one) => one.device === device)?.field;
      if (field === undefined) throw new Error(`no gateway ${device}`);
      return { acknowledged: field.acknowledged.cursors.get(SOURCE) ?? -1, sampled: field.lastSequence(SOURCE) };
    },
    async [Symbol.asyncDispose]() {
      reading?.[Symbol.dispose]();
      stop.abort();
      await broker.stop();
      await spare.stop();
      await clock.advance(5_000);
      await Promise.all(gateways.map(({ running }) => running));
      for (const { field, keeper } of gateways) {
        await field[Symbol.asyncDispose]();
        await keeper[Symbol.asyncDispose]();
      }
    },
  };
}

export type Fleet = Awaited<ReturnType<typeof fleet>>;

function partOf(device: string, { gateways, connectsPerSecond, primaryHost, spare }: FleetOptions): UplinkSnapshot {
  const brokerAt = (host: string) => {
    return { ...anyBroker, host, port: PORT, serverName: host, clientId: `${GROUP}-${device}` };
  };
  return {
    site: GROUP,
    device,
    sparkplug: { group: GROUP, edgeNode: device, ...(primaryHost === undefined ? {} : { primaryHost }) },
    interfaceNames: [],
    returnMs: 300_000,
    managementPrefix: "holdfast/v1",
    rebirthsPerMinute: 6,
    publishMs: 1_000,
    budget: { day: {}, month: {} },
    brokers: [brokerAt(HOST), ...(spare === true ? [brokerAt(SPARE_HOST)] : [])],
    fleet: { gateways, connectsPerSecond },
  };
}

/** The most moments in any second, wherever it begins. */
export function busiestSecond(moments: readonly number[]): number {
  const sorted = moments.toSorted((a, b) => a - b);
  let most = 0;
  let from = 0;
  for (let i = 0; i < sorted.length; i++) {
    while ((sorted[i] ?? 0) - (sorted[from] ?? 0) >= 1_000) from += 1;
    most = Math.max(most, i - from + 1);
  }
  return most;
}
