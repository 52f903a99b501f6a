import { memoryDigitalIo } from "../../simulator/digital-io.ts";
import { simulatedBoot } from "../../simulator/machine-boot.ts";
import { askKeeper } from "../../agent/cli/control-client.ts";
import { memoryDoor } from "../../agent/contract/door.ts";
import { silentLog } from "../../agent/contract/log.ts";
import type { ControlReply } from "../../agent/contract/rooms.ts";
import { startGateway } from "../../agent/gateway.ts";
import type { Network, NetworkStream } from "../../hal/network.ts";
import { demoPki } from "../../scripts/pki/demo.ts";
import { openBroker } from "../../simulator/broker/index.ts";
import type { Received } from "../../simulator/broker/index.ts";
import type { VirtualClock } from "../../simulator/clock.ts";
import { memoryDisk } from "../../simulator/disk.ts";
import { seededEntropy } from "../../simulator/entropy.ts";
import { memoryDatagrams } from "../../simulator/datagram.ts";
import { memoryNetwork } from "../../simulator/network.ts";
import { memorySerial } from "../../simulator/serial.ts";
import { BROKER_HOST, openSmallPlant, smallSite } from "./idle-plant.ts";

/** One value of the site changes this often. */
const CHANGE_EVERY_MS = 60_000;

// made before any clock is virtual: certificates are valid in real time
const pki = demoPki();
const brokerMaterial = pki.broker(BROKER_HOST);
const gatewayMaterial = pki.gateway("small-site");

/** Where a day's bytes went; TLS-level bytes in both directions, the rest are parts of what was sent. */
export interface IdleDay {
  readonly sent: number;
  readonly received: number;
  readonly connections: number;
  /** topics and payloads by what the message is for */
  readonly data: number;
  readonly marks: number;
  readonly births: number;
  readonly management: number;
  readonly messages: number;
  /** what `holdfast status` says the month has cost so far */
  readonly shown: number;
}

/**
 * The whole gateway as it ships, with the defaults of its configuration, at a site of two devices with ten points each,
 * where a value changes once a minute: what one connection to the broker costs in `hours`, keep-alive included.
 */
export async function idleSite(clock: VirtualClock, hours: number, keepaliveS = 60): Promise<IdleDay> {
  await using opened = new AsyncDisposableStack();
  const network = memoryNetwork(clock);
  const streams: NetworkStream[] = [];
  const counted: Network = {
    ...network,
    async connect(target, signal) {
      const stream = await network.connect(target, signal);
      if (target.kind === "tcp" && target.host === BROKER_HOST) streams.push(stream);
      return stream;
    },
  };
  const registers = await openSmallPlant(clock, network, opened);
  const broker = await openBroker({
    clock,
    network,
    target: { kind: "tcp", host: BROKER_HOST, port: 8_883 },
    material: brokerMaterial,
    access: () => ({ publish: ["#"], subscribe: ["#"] }),
  });
  opened.use(broker);
  const heard: Received[] = [];
  opened.use(broker.record.watch((received) => heard.push(received)));
  const control = memoryDoor();
  const gateway = startGateway(
    {
      machine: {
        clock,
        entropy: seededEntropy(1),
        network: counted,
        serial: memorySerial(clock),
        datagrams: memoryDatagrams(clock, seededEntropy(1)),
        digitalIo: memoryDigitalIo(),
        machineBoot: simulatedBoot(),
      },
      disks: { keeper: memoryDisk(), field: memoryDisk(), uplink: memoryDisk() },
      material: () => Promise.resolve(gatewayMaterial),
      sinkMaterial: () => Promise.resolve(gatewayMaterial),
      control: control.door,
      log: silentLog,
      version: "test",
    },
    (room, error) => {
      throw new Error(`${room}: ${String(error)}`);
    },
  );
  opened.defer(async () => {
    const closing = gateway[Symbol.asyncDispose]();
    await clock.advance(5_000);
    await closing;
  });
  await clock.advance(10);
  const ask = async (request: Parameters<typeof askKeeper>[1]): Promise<ControlReply> => {
    const asked = askKeeper({ clock, dialer: control.dialer }, request, 0);
    await clock.advance(5);
    return asked;
  };
  await ask({ kind: "apply-config", snapshot: smallSite(keepaliveS) });
  const endMs = clock.monotonicMs() + hours * 3_600_000;
  for (let change = 0; clock.monotonicMs() < endMs; change++) {
    await clock.advance(CHANGE_EVERY_MS);
    const register = registers[change % registers.length];
    if (register !== undefined) register.value = (register.value + 1) % 65_536;
  }
  const reply = await ask({ kind: "status-query", points: false });
  const month = reply.kind === "gateway-status" ? reply.status.uplink?.month : undefined;
  const bytes = (isMine: (topic: string) => boolean): number =>
    heard.reduce((sum, { topic, payload }) => sum + (isMine(topic) ? topic.length + payload.length : 0), 0);
  const isData = (topic: string): boolean => topic.includes("/DDATA/") || topic.includes("/NDATA/");
  return {
    sent: streams.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
    received: streams.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
    connections: streams.length,
    data: bytes(isData),
    marks: bytes((topic) => topic.endsWith("/mark")),
    births: bytes((topic) => topic.startsWith("spBv1.0/") && !isData(topic)),
    management: bytes((topic) => topic.startsWith("holdfast/") && !topic.endsWith("/mark")),
    messages: heard.length,
    shown: Object.values(month ?? {}).reduce((sum, n) => sum + n, 0),
  };
}
