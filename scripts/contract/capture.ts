import { memoryDigitalIo } from "../../simulator/digital-io.ts";
import { simulatedBoot } from "../../simulator/machine-boot.ts";
import { askKeeper } from "../../agent/cli/control-client.ts";
import { compileConfig } from "../../agent/config/index.ts";
import { memoryDoor } from "../../agent/contract/door.ts";
import { silentLog } from "../../agent/contract/log.ts";
import { gatewayAccess, openBroker } from "../../simulator/broker/index.ts";
import type { Received } from "../../simulator/broker/index.ts";
import { virtualClock } from "../../simulator/clock.ts";
import { memoryDisk } from "../../simulator/disk.ts";
import { seededEntropy } from "../../simulator/entropy.ts";
import { installVirtualGlobals } from "../../simulator/globals.ts";
import { memoryDatagrams } from "../../simulator/datagram.ts";
import { memoryNetwork } from "../../simulator/network.ts";
import {
  STATION_LINE,
  pumpingStation,
  pumpingStationConfig,
  servePumpingStation,
} from "../../simulator/plant/index.ts";
import { memorySerial } from "../../simulator/serial.ts";
import { demoPki } from "../pki/demo.ts";

const LINE_PATH = "/dev/serial/by-id/usb-station-line";
const BROKER_HOST = "broker.test";
const PLANT_HOST = "plant.test";
const PORTS = { flow: 502, panel: 503 };
const SITE = "coast";
const DEVICE = "pumping-station";
const SEED = 1;
/** by when the first values are read, published and marked */
const WARM_UP_MS = 5_000;
/** longer than a device needs to be taken for dead, and health to say so */
const SILENCE_MS = 20_000;
/** longer than a goodbye may take */
const GOODBYE_MS = 5_000;

/** Which configuration, and what of it a report is about. */
const FINDING = {
  code: "CONFIG_KEY_UNKNOWN",
  line: 12,
  column: 3,
  path: "busses",
  message: "unknown key busses",
  hint: "did you mean buses?",
};

/**
 * What the whole gateway says in a short life at the simulated pumping station: it comes up, a device falls silent, a
 * wrong configuration file is offered, it leaves. In virtual time and from one seed: the same messages each time.
 */
export async function captureSession(): Promise<readonly Received[]> {
  const clock = virtualClock();
  const pki = demoPki();
  using _globals = installVirtualGlobals(clock);
  // the libraries below it keep the timers that they find
  const { startGateway } = await import("../../agent/gateway.ts");
  const network = memoryNetwork(clock);
  const serial = memorySerial(clock);
  const station = pumpingStation({ clock, entropy: seededEntropy(SEED) });
  const wire = serial.wire(LINE_PATH, STATION_LINE);
  await using _plant = await servePumpingStation(station, { clock, wire, network, host: PLANT_HOST, ports: PORTS });
  const access = gatewayAccess({ group: SITE, edgeNode: DEVICE, site: SITE, device: DEVICE });
  await using broker = await openBroker({
    clock,
    network,
    target: { kind: "tcp", host: BROKER_HOST, port: 8_883 },
    material: pki.broker(BROKER_HOST),
    access: () => access,
  });
  const material = pki.gateway(DEVICE);
  const control = memoryDoor();
  const gateway = startGateway(
    {
      machine: {
        clock,
        entropy: seededEntropy(SEED),
        network,
        serial,
        datagrams: memoryDatagrams(clock, seededEntropy(SEED)),
        digitalIo: memoryDigitalIo(),
        machineBoot: simulatedBoot(),
      },
      disks: { keeper: memoryDisk(), field: memoryDisk(), uplink: memoryDisk() },
      material: () => Promise.resolve(material),
      sinkMaterial: () => Promise.resolve(material),
      control: control.door,
      log: silentLog,
      version: "1.0.0",
    },
    (room, error) => {
      throw new Error(`${room} ended by itself`, { cause: error });
    },
  );
  const ask = async (request: Parameters<typeof askKeeper>[1]): Promise<void> => {
    const asked = askKeeper({ clock, dialer: control.dialer }, request, 0);
    await clock.advance(10);
    await asked;
  };
  await clock.advance(10);
  await ask({ kind: "apply-config", snapshot: { ...configuration() } });
  await clock.advance(WARM_UP_MS);
  network.blackhole(PLANT_HOST, PORTS.flow);
  await ask({ kind: "report-config", report: { file: "/etc/holdfast/gateway.yaml", findings: [FINDING] } });
  await clock.advance(SILENCE_MS);
  const leaving = gateway[Symbol.asyncDispose]();
  await clock.advance(GOODBYE_MS);
  await leaving;
  return broker.record.kept;
}

function configuration(): object {
  const yaml = pumpingStationConfig({
    site: SITE,
    device: DEVICE,
    rtuPath: LINE_PATH,
    tcpHost: PLANT_HOST,
    tcpPorts: PORTS,
    broker: {
      url: `mqtts://${BROKER_HOST}:8883`,
      anchors: "/etc/holdfast/ca.pem",
      certificate: "/etc/holdfast/gateway.pem",
      key: "/etc/holdfast/gateway.key",
    },
  });
  const compiled = compileConfig(yaml, "gateway.yaml");
  if ("report" in compiled) throw new TypeError(JSON.stringify(compiled.report.findings));
  return compiled.snapshot;
}
