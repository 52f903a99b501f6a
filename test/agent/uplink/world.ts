import type { BrokerSnapshot, UplinkSnapshot } from "../../../agent/config/snapshot.ts";
import { memoryDoor } from "../../../agent/contract/door.ts";
import type { Standing } from "../../../agent/contract/standing.ts";
import { silentLog } from "../../../agent/contract/log.ts";
import { runUplink } from "../../../agent/uplink/room.ts";
import type { TlsMaterial } from "../../../hal/tls.ts";
import { demoPki } from "../../../scripts/pki/demo.ts";
import { gatewayAccess, observerAccess, openBroker } from "../../../simulator/broker/index.ts";
import type { BrokerOptions, EmbeddedBroker } from "../../../simulator/broker/index.ts";
import type { VirtualClock } from "../../../simulator/clock.ts";
import { memoryDatagrams } from "../../../simulator/datagram.ts";
import type { MemoryDatagrams } from "../../../simulator/datagram.ts";
import { memoryDisk } from "../../../simulator/disk.ts";
import { seededEntropy } from "../../../simulator/entropy.ts";
import { installVirtualGlobals } from "../../../simulator/globals.ts";
import { memoryNetwork } from "../../../simulator/network.ts";
import type { MemoryNetwork, MemoryNetworkOptions } from "../../../simulator/network.ts";
import type { SinkMaterialSource } from "../../../agent/uplink/notify/material.ts";
import { encodePayload } from "../../../agent/uplink/sparkplug/encode.ts";
import type { Metric } from "../../../agent/uplink/sparkplug/payload.ts";
import { host } from "./host.ts";
import type { Host } from "./host.ts";
import { anyBroker } from "./any-broker.ts";
import { standInField } from "./stand-in-field.ts";
import type { SourcePlan, StandInField } from "./stand-in-field.ts";
import { standInKeeper } from "./stand-in-keeper.ts";
import type { StandInKeeper } from "./stand-in-keeper.ts";

const HOST = "broker.test";
const PORT = 8883;
export const pki = demoPki();
const brokerMaterial = pki.broker(HOST);
export const gatewayMaterial = pki.gateway("gw-1");

/** Virtual globals for a whole test file, and the library that must find them when it loads. */
export async function virtualTime(clock: VirtualClock): Promise<Disposable> {
  const globals = installVirtualGlobals(clock);
  // loading a module takes real time, which a virtual clock does not wait for
  await Promise.all([import("mqtt"), import("ws"), import("node:http")]);
  await Promise.all([
    import("../../../agent/uplink/mqtt/proxy-tunnel.ts"),
    import("../../../agent/uplink/mqtt/web-socket.ts"),
  ]);
  return globals;
}

export const PUMP: SourcePlan = {
  name: "pump",
  points: [
    { name: "speed", type: "int16", unit: "rpm", low: 0, high: 3000 },
    { name: "flow", type: "float64" },
    { name: "running", type: "bool" },
  ],
};
export const METER: SourcePlan = { name: "meter", points: [{ name: "energy", type: "uint64" }] };

export interface WorldOptions {
  readonly sources?: readonly SourcePlan[];
  readonly broker?: Partial<BrokerSnapshot>;
  readonly part?: Partial<UplinkSnapshot>;
  readonly material?: TlsMaterial;
  readonly materialSource?: () => Promise<TlsMaterial>;
  readonly standing?: Standing;
  readonly sinkMaterial?: SinkMaterialSource;
  readonly brokerMaterial?: TlsMaterial;
  readonly seed?: number;
  readonly network?: MemoryNetworkOptions;
  /** no configuration from keeper, none stored */
  readonly unconfigured?: boolean;
}

/** What this world needs of its broker. */
type AnyBroker = Pick<EmbeddedBroker, "record" | "publish"> & AsyncDisposable;

export interface World<Broker extends AnyBroker = EmbeddedBroker> extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly network: MemoryNetwork;
  readonly datagrams: MemoryDatagrams;
  readonly broker: Broker;
  readonly host: Host;
  readonly field: StandInField;
  readonly keeper: StandInKeeper;
  readonly part: UplinkSnapshot;
  readonly disk: ReturnType<typeof memoryDisk>;
  /** Lets time pass, in steps that leave the network its turns. */
  pass(ms: number): Promise<void>;
  status(): Promise<NonNullable<ReturnType<StandInKeeper["status"]>>>;
  /** An NCMD or DCMD of somebody who may send them. */
  command(topic: string, metrics: readonly Metric[]): Promise<void>;
  rebirth(): Promise<void>;
  startUplink(): void;
  stopUplink(): Promise<void>;
}

/** An uplink with everything around it: real TLS and MQTT over memory, in the time of `clock`. */
export function world(clock: VirtualClock, options: WorldOptions = {}): Promise<World> {
  return worldOn(openBroker, clock, options);
}

/** The same on another broker. */
export async function worldOn<Broker extends AnyBroker>(
  open: (options: BrokerOptions) => Promise<Broker>,
  clock: VirtualClock,
  options: WorldOptions = {},
): Promise<World<Broker>> {
  const network = memoryNetwork(clock, options.network);
  const datagrams = memoryDatagrams(clock, seededEntropy(options.seed ?? 1));
  const disk = memoryDisk();
  const access = gatewayAccess({ group: "harbour", edgeNode: "gw-1", site: "harbour", device: "gw-1" });
  const broker = await open({
    clock,
    network,
    target: { kind: "tcp", host: HOST, port: PORT },
    material: options.brokerMaterial ?? brokerMaterial,
    access: (identity) => (identity === "gw-1" ? access : identity === "panel" ? observerAccess("harbour") : undefined),
  });
  const listener = host();
  const watch = broker.record.watch((received) => {
    if (received.identity === "gw-1") listener.receive(received);
  });
  const part: UplinkSnapshot = {
    site: "harbour",
    device: "gw-1",
    sparkplug: { group: "harbour", edgeNode: "gw-1" },
    interfaceNames: [],
    returnMs: 300_000,
    managementPrefix: "holdfast/v1",
    rebirthsPerMinute: 6,
    publishMs: 250,
    budget: { day: {}, month: {} },
    brokers: [{ ...anyBroker, host: HOST, port: PORT, serverName: HOST, clientId: "harbour-gw-1", ...options.broker }],
    ...options.part,
  };
  const fieldDoor = memoryDoor();
  const keeperDoor = memoryDoor();
  const field = await standInField(fieldDoor.door, options.sources ?? [PUMP, METER]);
  const keeper = await standInKeeper(keeperDoor.door, "digest-1", options.unconfigured === true ? undefined : part);
  let running: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;
  const startUplink = (): void => {
    const abort = new AbortController();
    const done = runUplink(
      {
        clock,
        entropy: seededEntropy(options.seed ?? 1),
        network,
        datagrams,
        disk,
        ...(options.standing === undefined ? {} : { standing: options.standing }),
        material: options.materialSource ?? (() => Promise.resolve(options.material ?? gatewayMaterial)),
        sinkMaterial: options.sinkMaterial ?? (() => Promise.resolve(gatewayMaterial)),
        field: fieldDoor.dialer,
        keeper: keeperDoor.dialer,
        log: silentLog,
        version: "0.1.0-test",
        runtime: "node 24.0.0 test",
      },
      abort.signal,
    );
    done.catch(() => {});
    running = { abort, done };
  };
  const stopUplink = async (): Promise<void> => {
    const one = running;
    running = undefined;
    if (one === undefined) return;
    one.abort.abort();
    await clock.advance(3_000);
    await one.done;
  };
  const command = async (topic: string, metrics: readonly Metric[]): Promise<void> => {
    await broker.publish(topic, encodePayload({ timestamp: 1, metrics }));
    await clock.advance(10);
  };
  startUplink();
  return {
    clock,
    network,
    datagrams,
    broker,
    host: listener,
    field,
    keeper,
    part,
    disk,
    pass: (ms) => clock.advance(ms),
    async status() {
      keeper.ask();
      await clock.advance(1);
      const status = keeper.status();
      if (status === undefined) throw new Error("no status came");
      return status;
    },
    command,
    rebirth: () => command("spBv1.0/harbour/NCMD/gw-1", [{ name: "Node Control/Rebirth", type: 11, value: true }]),
    startUplink,
    stopUplink,
    async [Symbol.asyncDispose]() {
      await stopUplink();
      watch[Symbol.dispose]();
      await field[Symbol.asyncDispose]();
      await keeper[Symbol.asyncDispose]();
      await broker[Symbol.asyncDispose]();
    },
  };
}

/** The newest metric of that name in messages of a kind. */
export function metricOf(w: World, verb: string, name: string): Metric | undefined {
  return w.host.heard
    .findLast((one) => one.verb === verb && one.payload.metrics.some((metric) => metric.name === name))
    ?.payload.metrics.find((metric) => metric.name === name);
}
