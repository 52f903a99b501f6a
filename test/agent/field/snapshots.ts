import type {
  BusSnapshot,
  DeviceSnapshot,
  FieldSnapshot,
  Framing,
  MemberSnapshot,
  RecordSnapshot,
  RequestRules,
  SerialTransport,
  ScalarSnapshot,
} from "../../../agent/config/snapshot.ts";

/** Snapshots as the command line compiles them, with only what a test cares about written out. */
export function point(name: string, over: Partial<ScalarSnapshot> = {}): ScalarSnapshot {
  const table = over.table ?? "holding-register";
  const bits = table === "coil" || table === "discrete-input";
  return {
    name,
    table,
    address: 0,
    count: 1,
    type: bits ? "bool" : "uint16",
    wordOrder: "big",
    byteOrder: "big",
    pollMs: 1_000,
    scale: 1,
    offset: 0,
    deadband: 0,
    heartbeatMs: 0,
    ...over,
  };
}

export function device(name: string, unit: number, over: Partial<DeviceSnapshot> = {}): DeviceSnapshot {
  return {
    name,
    unit,
    pollMs: 1_000,
    timeoutMs: 300,
    lateReplyMs: 600,
    requestGapMs: 0,
    probeMsMax: 60_000,
    points: [point("level")],
    ...over,
  };
}

/** `count` uint16 points from address 0, read in one request. */
export function registers(count: number, over: Partial<ScalarSnapshot> = {}): Pick<DeviceSnapshot, "points"> {
  return {
    points: Array.from({ length: count }, (_, i) => point(`r${i}`, { address: i, ...over })),
  };
}

export function rtu(over: Partial<SerialTransport> = {}): SerialTransport {
  return {
    kind: "serial",
    framing: "rtu",
    path: "/dev/ttyS0",
    baudRate: 9_600,
    parity: "even",
    dataBits: 8,
    stopBits: 1,
    ...over,
  };
}

export function bus(name: string, devices: readonly DeviceSnapshot[], over: Partial<BusSnapshot> = {}): BusSnapshot {
  return { name, transport: rtu(), turnaroundMs: 100, broadcast: false, devices, ...over };
}

/** A line that speaks ASCII as the standard has it. */
export function ascii(over: Partial<SerialTransport> = {}): SerialTransport {
  return rtu({ framing: "ascii", dataBits: 7, ...over });
}

export function tcpBus(
  name: string,
  host: string,
  devices: readonly DeviceSnapshot[],
  framing: Framing = "mbap",
): BusSnapshot {
  return bus(name, devices, { transport: { kind: "tcp", framing, host, port: 502 } });
}

export function field(buses: readonly BusSnapshot[], over: Partial<FieldSnapshot> = {}): FieldSnapshot {
  return { site: "works", device: "gateway-1", queueValuesMax: 100_000, buses, ...over };
}

/** How points become requests, with only what a test cares about written out. */
export function requests(over: Partial<RequestRules> = {}): RequestRules {
  return {
    optimise: "none",
    insertMax: 0,
    onePerPoint: false,
    registersMax: 125,
    bitsMax: 2_000,
    coilsFromZero: false,
    blocks: [],
    ...over,
  };
}

/** A uint16 at so many registers from the start of its record. */
export function member(name: string, at: number, over: Partial<MemberSnapshot> = {}): MemberSnapshot {
  return {
    name,
    at,
    count: 1,
    type: "uint16",
    wordOrder: "big",
    byteOrder: "big",
    scale: 1,
    offset: 0,
    deadband: 0,
    ...over,
  };
}

/** A record in holding registers from address 0, of the template of its name unless it has rows. */
export function record(
  name: string,
  members: readonly MemberSnapshot[],
  over: Partial<RecordSnapshot> = {},
): RecordSnapshot {
  const row = Math.max(...members.map(({ at, count }) => at + count));
  const { count: rows, stride } = over.rows ?? { count: 1, stride: 0 };
  return {
    name,
    table: "holding-register",
    address: 0,
    count: (rows - 1) * stride + row,
    type: "record",
    pollMs: 1_000,
    heartbeatMs: 0,
    ...(over.rows === undefined ? { template: name } : {}),
    members,
    ...over,
  };
}
