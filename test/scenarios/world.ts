import { memoryDigitalIo } from "../../simulator/digital-io.ts";
import { simulatedBoot } from "../../simulator/machine-boot.ts";
import { askKeeper } from "../../agent/cli/control-client.ts";
import { compileConfig } from "../../agent/config/index.ts";
import type { Snapshot } from "../../agent/config/snapshot.ts";
import { memoryDoor } from "../../agent/contract/door.ts";
import { silentLog } from "../../agent/contract/log.ts";
import type { ControlReply } from "../../agent/contract/rooms.ts";
import type { GatewayStatus } from "../../agent/contract/status.ts";
import { startGateway } from "../../agent/gateway.ts";
import type { SinkMaterial } from "../../agent/uplink/notify/material.ts";
import { demoPki } from "../../scripts/pki/demo.ts";
import { gatewayAccess, openBroker } from "../../simulator/broker/index.ts";
import type { VirtualClock } from "../../simulator/clock.ts";
import { memoryDisk } from "../../simulator/disk.ts";
import { seededEntropy } from "../../simulator/entropy.ts";
import { memoryDatagrams } from "../../simulator/datagram.ts";
import { memoryNetwork } from "../../simulator/network.ts";
import {
  pumpingStation,
  pumpingStationConfig,
  servePumpingStation,
  STATION_LINE,
} from "../../simulator/plant/index.ts";
import { memorySerial } from "../../simulator/serial.ts";
import { host } from "../agent/uplink/host.ts";

export const LINE_PATH = "/dev/serial/by-id/usb-station-line";
export const BROKER_HOST = "broker.test";
export const PLANT_HOST = "plant.test";
const PORTS = { flow: 502, panel: 503 };
const GATEWAY_NAME = "pumping-station";
const SITE = "coast";
/** Lines of the gateway's housing, for whoever configures one. */
export const HOUSING_LINES = ["gpio:1", "carrier:eth1", "gpio:9", "led:act"];

export const pki = demoPki();
const brokerMaterial = pki.broker(BROKER_HOST);
const gatewayMaterial = pki.gateway(GATEWAY_NAME);

export interface ScenarioOptions {
  readonly seed?: number;
  readonly brokerDown?: boolean;
  /** what receivers of alarms are reached with */
  readonly sinkMaterial?: SinkMaterial;
  /** changes the configuration text of the pumping station before it is compiled */
  readonly edit?: (yaml: string) => string;
}

/**
 * The whole gateway, as it ships, at the pumping station: simulated serial line and sockets, a broker with mutual TLS, a
 * host that follows the Sparkplug session and notes every breach. All of it in memory and in the time of `clock`.
 */
export async function scenario(clock: VirtualClock, options: ScenarioOptions = {}) {
  const entropy = seededEntropy(options.seed ?? 1);
  const network = memoryNetwork(clock);
  const serial = memorySerial(clock);
  const digitalIo = memoryDigitalIo(HOUSING_LINES);
  const datagrams = memoryDatagrams(clock, seededEntropy(options.seed ?? 1));
  const machineBoot = simulatedBoot();
  const disks = { keeper: memoryDisk(), field: memoryDisk(), uplink: memoryDisk() };
  const station = pumpingStation({ clock, entropy: seededEntropy(options.seed ?? 1) });
  const wire = serial.wire(LINE_PATH, STATION_LINE);
  const served = await servePumpingStation(station, { clock, wire, network, host: PLANT_HOST, ports: PORTS });
  const access = gatewayAccess({ group: SITE, edgeNode: GATEWAY_NAME, site: SITE, device: GATEWAY_NAME });
  const broker = await openBroker({
    clock,
    network,
    target: { kind: "tcp", host: BROKER_HOST, port: 8883 },
    material: brokerMaterial,
    access: (identity) => (identity === GATEWAY_NAME ? access : undefined),
  });
  if (options.brokerDown === true) await broker.stop();
  const listener = host();
  const watch = broker.record.watch((received) => listener.receive(received));

  const control = memoryDoor();
  const failures: string[] = [];
  const gateway = startGateway(
    {
      machine: { clock, entropy, network, datagrams, serial, digitalIo, machineBoot },
      disks,
      material: () => Promise.resolve(gatewayMaterial),
      sinkMaterial: () => Promise.resolve(options.sinkMaterial ?? gatewayMaterial),
      control: control.door,
      log: silentLog,
      version: "test",
    },
    (room, error) => failures.push(`${room}: ${String(error)}`),
  );
  await clock.advance(10);
  const yaml = (edit: (text: string) => string = (text) => text): string =>
    edit(
      pumpingStationConfig({
        site: SITE,
        device: GATEWAY_NAME,
        rtuPath: LINE_PATH,
        tcpHost: PLANT_HOST,
        tcpPorts: PORTS,
        broker: {
          url: `mqtts://${BROKER_HOST}:8883`,
          anchors: "/etc/holdfast/ca.pem",
          certificate: "/etc/holdfast/gateway.pem",
          key: "/etc/holdfast/gateway.key",
        },
      }),
    );
  const ask = async (request: Parameters<typeof askKeeper>[1]): Promise<ControlReply> => {
    const asked = askKeeper({ clock, dialer: control.dialer }, request, 0);
    await clock.advance(5);
    return asked;
  };
  const compile = (text: string): Snapshot => {
    const compiled = compileConfig(text, "gateway.yaml");
    if ("report" in compiled) throw new Error(JSON.stringify(compiled.report.findings));
    return compiled.snapshot;
  };
  const apply = async (edit?: (text: string) => string): Promise<ControlReply> =>
    ask({ kind: "apply-config", snapshot: { ...compile(yaml(edit)) } });
  await apply(options.edit);

  return {
    clock,
    network,
    datagrams,
    digitalIo,
    serial,
    station,
    served,
    broker,
    host: listener,
    gateway,
    failures,
    disks,
    ask,
    apply,
    yaml,
    pass: (ms: number) => clock.advance(ms),
    async status(points = false): Promise<GatewayStatus> {
      const reply = await ask({ kind: "status-query", points });
      if (reply.kind !== "gateway-status") throw new Error("no status");
      return reply.status;
    },
    /** When each request to this unit began on the serial line, from the trace of its bytes. */
    requestTimes(unit: number): number[] {
      return requestsOf(serial.trace(LINE_PATH), unit);
    },
    async [Symbol.asyncDispose]() {
      const closing = gateway[Symbol.asyncDispose]();
      await clock.advance(5_000);
      await closing;
      watch[Symbol.dispose]();
      await broker[Symbol.asyncDispose]();
      await served[Symbol.asyncDispose]();
    },
  };
}

export type Scenario = Awaited<ReturnType<typeof scenario>>;

type Traced = ReturnType<ReturnType<typeof memorySerial>["trace"]>[number];

function requestsOf(trace: readonly Traced[], unit: number): number[] {
  const times: number[] = [];
  let lastEnd = Number.NEGATIVE_INFINITY;
  for (const character of trace) {
    if (character.direction !== "out") continue;
    // a new frame: silence before it
    if (character.startMs - lastEnd > 0.5 && character.byte === unit) times.push(character.startMs);
    lastEnd = character.endMs;
  }
  return times;
}

/**
 * Every value that `field` numbered is accounted for: delivered to the host at least once, or declared as a gap.
 * @returns keys that are neither, and how many were delivered
 */
export function ledger(world: Scenario): { readonly lost: readonly string[]; readonly delivered: number } {
  const seen = new Map<string, Set<number>>();
  const at = (bootId: string, source: string): Set<number> => {
    const key = `${bootId} ${source}`;
    const set = seen.get(key) ?? new Set();
    seen.set(key, set);
    return set;
  };
  for (const value of world.host.values) at(value.bootId, value.source).add(value.sequence);
  for (const mark of world.host.marks) {
    for (const gap of mark.gaps) for (let n = gap.from; n <= gap.to; n++) at(mark.bootId, gap.source).add(n);
  }
  const lost: string[] = [];
  for (const [key, set] of seen) {
    const highest = Math.max(...set);
    for (let n = 0; n <= highest; n++) if (!set.has(n)) lost.push(`${key} ${n}`);
  }
  return { lost, delivered: world.host.values.length };
}
