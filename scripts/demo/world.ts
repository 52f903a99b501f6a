import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileConfig } from "../../agent/config/index.ts";
import type { Snapshot } from "../../agent/config/snapshot.ts";
import type { Dialer } from "../../agent/contract/door.ts";
import { unixDialer, unixDoor } from "../../agent/contract/unix-door.ts";
import { startGateway } from "../../agent/gateway.ts";
import { readSinkFiles } from "../../agent/process/sink-material.ts";
import { VERSION } from "../../agent/version.ts";
import type { Disk } from "../../hal/disk.ts";
import type { Machine } from "../../hal/machine.ts";
import { linuxDisk } from "../../hal/linux/disk.ts";
import type { Network } from "../../hal/network.ts";
import type { TlsMaterial } from "../../hal/tls.ts";
import { gatewayAccess, observerAccess, openBroker } from "../../simulator/broker/index.ts";
import type { EmbeddedBroker } from "../../simulator/broker/index.ts";
import {
  pumpingStation,
  pumpingStationConfig,
  servePumpingStation,
  STATION_LINE,
} from "../../simulator/plant/index.ts";
import type { PumpingStation } from "../../simulator/plant/index.ts";
import { openProxy } from "../../simulator/proxy.ts";
import { openPty } from "../../simulator/pty.ts";
import { sharedWire } from "../../simulator/shared-wire.ts";
import { demoPki } from "../pki/demo.ts";
import { openFaultDoor } from "./fault-door.ts";
import { intrudable } from "./intruder.ts";
import { writeReceivers } from "./receivers.ts";
import { warningsLog } from "./warnings-log.ts";
import { writeWords } from "./words.ts";

const HOST = "127.0.0.1";
const WEBSOCKET_PATH = "/mqtt";
const SITE = "demo";
const DEVICE = "pumping-station";
const GATEWAY_NAME = "gateway";
const OBSERVER_NAME = "observer";
const SECRET_BYTES = 16;

/** Everything `npm start` brings up: plant, broker, gateway, and the folder that holds what a person may want to use. */
export interface DemoWorld extends AsyncDisposable {
  readonly folder: string;
  readonly broker: EmbeddedBroker;
  /** the preferred broker's address, where a proxy leads to it and `broker` is the spare one */
  readonly detour?: string;
  readonly station: PumpingStation;
  readonly control: Dialer;
  /** for `holdfast … --control`: the same socket as on a gateway */
  readonly controlPath: string;
  readonly snapshot: Snapshot;
  /** to be read by the shell of another terminal */
  readonly wordsPath: string;
  /** words of it that start a receiver of alarms */
  readonly receivers: readonly string[];
}

export interface DemoOptions {
  /** the broker speaks WebSocket behind a proxy, and a second one stands by */
  readonly detour: boolean;
  /** rsyslogd and snmptrapd are told of alarms */
  readonly receivers: boolean;
}

/** Opens all of it on loopback, or none. Disposal ends every socket, pty and file in the reverse order of opening. */
export async function openDemo(
  machine: Omit<Machine, "disk">,
  options: DemoOptions,
  say: (text: string) => void,
): Promise<DemoWorld> {
  await using opening = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "holdfast-demo-"));
  opening.defer(() => rm(folder, { recursive: true, force: true }));

  const pki = demoPki();
  const gatewayMaterial = pki.gateway(GATEWAY_NAME);
  await writeMaterial(folder, "gateway", gatewayMaterial);
  await writeMaterial(folder, "observer", pki.observer(OBSERVER_NAME));
  const access = {
    [GATEWAY_NAME]: gatewayAccess({ group: SITE, edgeNode: DEVICE, site: SITE, device: DEVICE }),
    [OBSERVER_NAME]: observerAccess(SITE),
  };
  const brokerOptions = {
    clock: machine.clock,
    network: machine.network,
    target: { kind: "tcp", host: HOST, port: 0 },
    material: pki.broker("localhost", HOST),
    access: (identity: string) => access[identity as keyof typeof access],
  } as const;
  const broker = opening.use(
    await openBroker({ ...brokerOptions, ...(options.detour ? { webSocketPath: WEBSOCKET_PATH } : {}) }),
  );
  const detour = options.detour ? await openDetour(opening, machine.network, brokerOptions) : undefined;

  const cable = opening.use(await openPty({ clock: machine.clock, linkPath: join(folder, "station-line") }));
  const line = sharedWire(machine.clock, cable.wire(STATION_LINE), STATION_LINE);
  const station = pumpingStation(machine);
  const served = opening.use(
    await servePumpingStation(station, {
      clock: machine.clock,
      wire: line.end(),
      network: machine.network,
      host: HOST,
      ports: { flow: 0, panel: 0 },
    }),
  );

  const secret = (): string => Buffer.from(machine.entropy.bytes(SECRET_BYTES)).toString("hex");
  const receivers = options.receivers
    ? await writeReceivers(folder, pki.broker(HOST), { authentication: secret(), privacy: secret() })
    : undefined;
  const snapshot = compiled(
    pumpingStationConfig({
      site: SITE,
      device: DEVICE,
      rtuPath: cable.path,
      tcpHost: HOST,
      tcpPorts: served.ports,
      broker: {
        url: options.detour ? `wss://${HOST}:${broker.port}${WEBSOCKET_PATH}` : `mqtts://${HOST}:${broker.port}`,
        anchors: join(folder, "gateway-ca.pem"),
        certificate: join(folder, "gateway.pem"),
        key: join(folder, "gateway.key"),
      },
      ...(detour === undefined ? {} : { detour: detour.config }),
      rules: true,
      ...(receivers === undefined ? {} : { notify: receivers.config }),
    }),
  );
  const controlPath = join(folder, "control");
  const wordsPath = await writeWords({
    folder,
    controlPath,
    brokerPort: broker.port,
    receivers: receivers?.names ?? [],
  });
  opening.use(
    startGateway(
      {
        machine,
        disks: {
          keeper: await roomDisk(folder, "keeper"),
          field: await roomDisk(folder, "field"),
          uplink: await roomDisk(folder, "uplink"),
        },
        material: () => Promise.resolve(gatewayMaterial),
        sinkMaterial: readSinkFiles,
        control: unixDoor(machine.network, controlPath),
        log: warningsLog(say),
        version: VERSION,
      },
      (room, error) => say(`${room} ended: ${String(error)}`),
    ),
  );
  opening.use(
    await openFaultDoor(
      { network: machine.network, clock: machine.clock, path: join(folder, "fault") },
      {
        devices: station.devices,
        cables: { "station-line": intrudable(cable, machine.clock, line.end()), broker: powerOf(broker) },
      },
      say,
    ),
  );
  const opened = opening.move();
  return {
    folder,
    // who speaks MQTT without WebSocket finds it here
    broker: detour?.spare ?? broker,
    ...(detour === undefined ? {} : { detour: `wss://${HOST}:${broker.port}` }),
    station,
    controlPath,
    control: unixDialer(machine.network, controlPath),
    snapshot,
    wordsPath,
    receivers: receivers?.names ?? [],
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** A proxy on the way to the broker, and a second broker that is reached without it. */
async function openDetour(
  opening: AsyncDisposableStack,
  network: Network,
  brokerOptions: Parameters<typeof openBroker>[0],
): Promise<{ readonly spare: EmbeddedBroker; readonly config: { proxyUrl: string; fallbackUrl: string } }> {
  const proxy = opening.use(await openProxy({ network, target: { kind: "tcp", host: HOST, port: 0 } }));
  const spare = opening.use(await openBroker(brokerOptions));
  const config = { proxyUrl: `http://${HOST}:${proxy.port}`, fallbackUrl: `mqtts://${HOST}:${spare.port}` };
  return { spare, config };
}

/** Its power cable, to be pulled. */
function powerOf(broker: EmbeddedBroker): { vanish(): void; restore(): void } {
  return { vanish: () => void broker.stop(), restore: () => void broker.start() };
}

async function writeMaterial(folder: string, name: string, material: TlsMaterial): Promise<void> {
  await writeFile(join(folder, `${name}-ca.pem`), material.anchors);
  await writeFile(join(folder, `${name}.pem`), material.certificate);
  await writeFile(join(folder, `${name}.key`), material.key, { mode: 0o600 });
}

async function roomDisk(folder: string, room: string): Promise<Disk> {
  await mkdir(join(folder, room), { mode: 0o700 });
  return linuxDisk(join(folder, room));
}

function compiled(yaml: string): Snapshot {
  const result = compileConfig(yaml, "gateway.yaml");
  if ("snapshot" in result) return result.snapshot;
  const [finding] = result.report.findings;
  throw new Error(`the demo's own configuration is refused: ${finding?.code} ${finding?.message}`);
}
