import type {
  FieldSnapshot,
  BusSnapshot,
  DeviceSnapshot,
  RequestRules,
  SerialTransport,
  TcpTransport,
} from "../snapshot.ts";
import type { PointTypes } from "../expression/point-types.ts";
import type { CommunicationLossTimer } from "../snapshot/outputs.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { Ascii, Bus, Rtu, Tcp } from "../schema/bus.ts";
import { Device } from "../schema/device.ts";
import { Requests } from "../schema/requests.ts";
import { Uplink } from "../schema/uplink.ts";
import { buildAlarms } from "./alarms.ts";
import { buildDerived } from "./derived.ts";
import { shownPoints } from "../../contract/shown.ts";
import { buildIo } from "./io.ts";
import { guardOutputs } from "./output.ts";
import { buildPlan } from "./plan.ts";
import { buildPoint } from "./point.ts";

const TIMEOUT_SERIAL_MS = 300;
const TIMEOUT_TCP_MS = 1_000;
const LATE_REPLY_TIMEOUTS = 2;

/** What `field` is told: the buses, with nothing left to be inherited. */
export function buildField(file: GatewayFile, buses: readonly BusSnapshot[], points: PointTypes): FieldSnapshot {
  const { queueValuesMax = defaultOf(Uplink.properties.queueValuesMax) } = file.uplink;
  const derived = buildDerived(file, points);
  const alarms = buildAlarms(file, points);
  const plan = buildPlan(file, buses, points);
  return {
    site: file.site,
    device: file.device,
    queueValuesMax,
    buses: guardOutputs(file, buses, points),
    ...(plan === undefined ? {} : { plan }),
    ...(derived === undefined ? {} : { derived }),
    ...(alarms === undefined ? {} : { alarms }),
    ...(file.io === undefined ? {} : { io: buildIo(file.io) }),
    ...(file.modbusServer === undefined ? {} : { shown: shownPoints(file.modbusServer.entries) }),
  };
}

/** @param interfaceName by which field sockets leave, where a bus does not say */
export function buildBus(bus: Bus, interfaceName: string | undefined): BusSnapshot {
  const { turnaroundMs, broadcast } = Bus.properties;
  const connectPauseMs = bus.connectPauseMs ?? defaultOf(Bus.properties.connectPauseMs);
  const transport = buildTransport(bus, interfaceName);
  return {
    name: bus.name,
    transport,
    turnaroundMs: bus.turnaroundMs ?? defaultOf(turnaroundMs),
    ...(connectPauseMs === 0 ? {} : { connectPauseMs }),
    ...(bus.closeAfterPolls === true ? { closeAfterPolls: true } : {}),
    broadcast: bus.broadcast ?? defaultOf(broadcast),
    ...(bus.listenOnly === true ? { listenOnly: true } : {}),
    devices: (bus.devices ?? []).map((device) => buildDevice(device, transport.kind)),
  };
}

function buildTransport(bus: Bus, interfaceName: string | undefined): SerialTransport | TcpTransport {
  if (bus.rtu !== undefined) return buildSerial(bus.rtu, "rtu", 8);
  if (bus.ascii !== undefined) return buildAscii(bus.ascii);
  if (bus.tcp !== undefined) return buildTcp(bus.tcp, interfaceName);
  throw new TypeError("a bus without rtu, ascii and tcp was to be built");
}

function buildAscii(ascii: Ascii): SerialTransport {
  return buildSerial(ascii, "ascii", ascii.dataBits ?? defaultOf(Ascii.properties.dataBits));
}

function buildSerial(line: Rtu, framing: "rtu" | "ascii", dataBits: 7 | 8): SerialTransport {
  const parity = line.parity ?? defaultOf(Rtu.properties.parity);
  return {
    kind: "serial",
    framing,
    path: line.path,
    baudRate: line.baudRate ?? defaultOf(Rtu.properties.baudRate),
    parity,
    dataBits,
    // The standard keeps the length of a character: a second stop bit stands in for a parity bit.
    stopBits: line.stopBits ?? (parity === "none" ? 2 : 1),
  };
}

function buildTcp(tcp: Tcp, inherited: string | undefined): TcpTransport {
  const interfaceName = tcp.interface ?? inherited;
  return {
    kind: "tcp",
    framing: tcp.framing ?? defaultOf(Tcp.properties.framing),
    host: tcp.host,
    port: tcp.port ?? defaultOf(Tcp.properties.port),
    ...(interfaceName === undefined ? {} : { interfaceName }),
  };
}

function buildDevice(device: Device, kind: "serial" | "tcp"): DeviceSnapshot {
  const { properties } = Device;
  const timer = buildCommunicationLossTimer(device);
  const pollMs = device.pollMs ?? defaultOf(properties.pollMs);
  const retries = device.busyRetries ?? defaultOf(properties.busyRetries);
  const addressBase = device.addressBase ?? defaultOf(properties.addressBase);
  const timeoutMs = device.timeoutMs ?? (kind === "serial" ? TIMEOUT_SERIAL_MS : TIMEOUT_TCP_MS);
  return {
    name: device.name,
    unit: device.unit,
    pollMs,
    timeoutMs,
    lateReplyMs: device.lateReplyMs ?? LATE_REPLY_TIMEOUTS * timeoutMs,
    requestGapMs: device.requestGapMs ?? defaultOf(properties.requestGapMs),
    probeMsMax: device.probeMsMax ?? defaultOf(properties.probeMsMax),
    ...(device.requests === undefined ? {} : { requests: buildRequests(device.requests, addressBase) }),
    ...(retries === 0 ? {} : { busy: { retries, retryMs: device.busyRetryMs ?? defaultOf(properties.busyRetryMs) } }),
    ...(timer === undefined ? {} : { communicationLossTimer: timer }),
    points: device.points.map((point) => buildPoint(point, pollMs, addressBase)),
  };
}

function buildRequests(requests: Requests, addressBase: 0 | 1): RequestRules {
  const { optimise, insertMax, onePerPoint, registersMax, bitsMax, coilsFromZero } = Requests.properties;
  const how = requests.optimise ?? defaultOf(optimise);
  return {
    optimise: how,
    insertMax: how === "max-insert" ? (requests.insertMax ?? defaultOf(insertMax)) : 0,
    onePerPoint: requests.onePerPoint ?? defaultOf(onePerPoint),
    registersMax: requests.registersMax ?? defaultOf(registersMax),
    bitsMax: requests.bitsMax ?? defaultOf(bitsMax),
    coilsFromZero: requests.coilsFromZero ?? defaultOf(coilsFromZero),
    blocks: (requests.blocks ?? []).map((block) => ({ ...block, address: block.address - addressBase })),
  };
}

function buildCommunicationLossTimer({ communicationLossTimer }: Device): CommunicationLossTimer | undefined {
  if (communicationLossTimer?.point !== undefined) return { point: communicationLossTimer.point };
  return communicationLossTimer === undefined ? undefined : { none: true };
}
