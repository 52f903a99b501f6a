import type {
  FieldSnapshot,
  BusSnapshot,
  DeviceSnapshot,
  MergeLimits,
  SerialTransport,
  TcpTransport,
} from "../snapshot.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { Bus, Rtu, Tcp } from "../schema/bus.ts";
import { Device, Merge } from "../schema/device.ts";
import { Uplink } from "../schema/uplink.ts";
import { buildPoint } from "./point.ts";

const TIMEOUT_SERIAL_MS = 300;
const TIMEOUT_TCP_MS = 1_000;
const LATE_REPLY_TIMEOUTS = 2;

/** What `field` is told: the buses, with nothing left to be inherited. */
export function buildField(file: GatewayFile, buses: readonly BusSnapshot[]): FieldSnapshot {
  const { queueValuesMax = defaultOf(Uplink.properties.queueValuesMax) } = file.uplink;
  return { site: file.site, device: file.device, queueValuesMax, buses };
}

/** @param interfaceName by which field sockets leave, where a bus does not say */
export function buildBus(bus: Bus, interfaceName: string | undefined): BusSnapshot {
  const { turnaroundMs, broadcast } = Bus.properties;
  const transport = buildTransport(bus, interfaceName);
  return {
    name: bus.name,
    transport,
    turnaroundMs: bus.turnaroundMs ?? defaultOf(turnaroundMs),
    broadcast: bus.broadcast ?? defaultOf(broadcast),
    devices: bus.devices.map((device) => buildDevice(device, transport.kind)),
  };
}

function buildTransport(bus: Bus, interfaceName: string | undefined): SerialTransport | TcpTransport {
  if (bus.rtu !== undefined) return buildRtu(bus.rtu);
  if (bus.tcp !== undefined) return buildTcp(bus.tcp, interfaceName);
  throw new TypeError("a bus without rtu and tcp was to be built");
}

function buildRtu(rtu: Rtu): SerialTransport {
  const parity = rtu.parity ?? defaultOf(Rtu.properties.parity);
  return {
    kind: "serial",
    framing: "rtu",
    path: rtu.path,
    baudRate: rtu.baudRate ?? defaultOf(Rtu.properties.baudRate),
    parity,
    dataBits: 8,
    // The standard keeps a character at 11 bits: a second stop bit stands in for a parity bit.
    stopBits: rtu.stopBits ?? (parity === "none" ? 2 : 1),
  };
}

function buildTcp(tcp: Tcp, inherited: string | undefined): TcpTransport {
  const interfaceName = tcp.interface ?? inherited;
  return {
    kind: "tcp",
    framing: "mbap",
    host: tcp.host,
    port: tcp.port ?? defaultOf(Tcp.properties.port),
    ...(interfaceName === undefined ? {} : { interfaceName }),
  };
}

function buildDevice(device: Device, kind: "serial" | "tcp"): DeviceSnapshot {
  const { properties } = Device;
  const pollMs = device.pollMs ?? defaultOf(properties.pollMs);
  const timeoutMs = device.timeoutMs ?? (kind === "serial" ? TIMEOUT_SERIAL_MS : TIMEOUT_TCP_MS);
  return {
    name: device.name,
    unit: device.unit,
    pollMs,
    timeoutMs,
    lateReplyMs: device.lateReplyMs ?? LATE_REPLY_TIMEOUTS * timeoutMs,
    requestGapMs: device.requestGapMs ?? defaultOf(properties.requestGapMs),
    probeMsMax: device.probeMsMax ?? defaultOf(properties.probeMsMax),
    ...(device.merge === undefined ? {} : { merge: buildMerge(device.merge) }),
    points: device.points.map((point) => buildPoint(point, pollMs)),
  };
}

function buildMerge(merge: NonNullable<Device["merge"]>): MergeLimits {
  const { gapMax, registersMax, bitsMax } = Merge.properties;
  return {
    gapMax: merge.gapMax ?? defaultOf(gapMax),
    registersMax: merge.registersMax ?? defaultOf(registersMax),
    bitsMax: merge.bitsMax ?? defaultOf(bitsMax),
  };
}
