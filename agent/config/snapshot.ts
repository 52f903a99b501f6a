import type { Parity } from "../../hal/serial.ts";
import type { TrafficClass } from "../contract/uplink-status.ts";
import type { PointType } from "../contract/point.ts";
import type { PointRef } from "./snapshot/expression.ts";
import type { IoSnapshot } from "./snapshot/io.ts";
import type { AlarmsSnapshot, DerivedSnapshot } from "./snapshot/logic.ts";
import type { ModbusServerSnapshot } from "./snapshot/modbus-server.ts";
import type { AlarmSinkSnapshot } from "./snapshot/notify.ts";
import type { CommunicationLossTimer, OutputSnapshot, PlanSnapshot } from "./snapshot/outputs.ts";

/** Serial lines one gateway may have: each takes a thread of libuv's pool while its last characters leave. */
export const SERIAL_LINES_MAX = 16;

/**
 * The compiled configuration: every default applied, every inherited value written out, every reference checked.
 * Rooms load this and nothing else; only the command line knows YAML. Canonical JSON: the same file gives the same
 * bytes and so the same digest.
 */
export interface Snapshot {
  /** hex SHA-256 of the canonical JSON of the two parts */
  readonly digest: string;
  readonly field: FieldSnapshot;
  readonly uplink: UplinkSnapshot;
}

export interface FieldSnapshot {
  readonly site: string;
  readonly device: string;
  /** values kept while the uplink is away */
  readonly queueValuesMax: number;
  readonly buses: readonly BusSnapshot[];
  /** absent: there is no plan, and no output may ask for it */
  readonly plan?: PlanSnapshot;
  readonly derived?: DerivedSnapshot;
  readonly alarms?: AlarmsSnapshot;
  readonly io?: IoSnapshot;
  /** points whose latest values `uplink` is told for its Modbus server, whether or not a broker is there */
  readonly shown?: readonly PointRef[];
}

/** How frames are told apart: by silence, by `:` and CR LF, or by the length in an MBAP header. */
export type Framing = "rtu" | "ascii" | "mbap";

export interface SerialTransport {
  readonly kind: "serial";
  readonly framing: "rtu" | "ascii";
  readonly path: string;
  readonly baudRate: number;
  readonly parity: Parity;
  /** 8 unless the line speaks ASCII */
  readonly dataBits: 7 | 8;
  readonly stopBits: 1 | 2;
}

export interface TcpTransport {
  readonly kind: "tcp";
  /** MBAP, or the frames of a serial line on a socket */
  readonly framing: Framing;
  readonly host: string;
  readonly port: number;
  readonly interfaceName?: string;
}

export interface BusSnapshot {
  readonly name: string;
  readonly transport: SerialTransport | TcpTransport;
  /** nothing is ever sent: what others say is listened to and noted */
  readonly listenOnly?: boolean;
  /** silence after a broadcast, so that every device has acted before the next request */
  readonly turnaroundMs: number;
  /** silence between opening and the first request; absent: none */
  readonly connectPauseMs?: number;
  /** the socket is closed whenever nothing is due for a while */
  readonly closeAfterPolls?: true;
  /** whether unit 0 may be written to at all */
  readonly broadcast: boolean;
  readonly devices: readonly DeviceSnapshot[];
}

export interface DeviceSnapshot {
  /** the Sparkplug device id and the name of the source */
  readonly name: string;
  /** 1 to 247 on a serial line, 0 to 255 over TCP */
  readonly unit: number;
  readonly pollMs: number;
  readonly timeoutMs: number;
  /** how long a unit that timed out is not asked again and whatever is heard is thrown away; nothing over MBAP, whose answers have a number */
  readonly lateReplyMs: number;
  /** silence this device needs before a request to it, beyond the standard's T3.5 */
  readonly requestGapMs: number;
  /** the longest pause between two attempts to reach a dead device */
  readonly probeMsMax: number;
  /** which points are read together; neighbours, up to the standard's limits, where absent */
  readonly requests?: RequestRules;
  /** reads answered with exception 5 or 6 are asked again so often, after so long; absent: not at all */
  readonly busy?: { readonly retries: number; readonly retryMs: number };
  readonly communicationLossTimer?: CommunicationLossTimer;
  readonly points: readonly PointSnapshot[];
}

/** How points become requests. See docs/decisions/0020-request-optimisation.md for what each word promises. */
export interface RequestRules {
  readonly optimise: "none" | "shrink" | "rearrange" | "max-insert";
  /** max-insert: registers (or bits) nobody asked for that may be read along to bridge two points; else 0 */
  readonly insertMax: number;
  /** nothing is read together but points of the very same registers */
  readonly onePerPoint: boolean;
  /** 1 to 125 registers in one request */
  readonly registersMax: number;
  /** 1 to 2000 coils or discrete inputs in one request */
  readonly bitsMax: number;
  /** every request for coils begins at address 0 */
  readonly coilsFromZero: boolean;
  /** addresses that may be read together although not each of them is a point's; they do not overlap in one table */
  readonly blocks: readonly BlockSnapshot[];
}

export interface BlockSnapshot {
  readonly table: Table;
  readonly address: number;
  readonly count: number;
}

export type Table = "coil" | "discrete-input" | "input-register" | "holding-register";

export type PointSnapshot = ScalarSnapshot | RecordSnapshot;

/** Where a point is read, and how often. */
interface PlaceSnapshot {
  readonly name: string;
  readonly table: Table;
  /** as it is on the wire, from 0 */
  readonly address: number;
  /** registers, or 1 for a coil or discrete input */
  readonly count: number;
  readonly pollMs: number;
  /** sampled at least this often even without a change; 0: only on change */
  readonly heartbeatMs: number;
  /** reading changes it: read alone, exactly once in each period, never asked again nor used as a probe */
  readonly clearOnRead?: true;
}

/** Values that only together mean something: read in one request, sampled and published as one. Never an output. */
export interface RecordSnapshot extends PlaceSnapshot {
  readonly type: "record";
  /** name of the Sparkplug template that it is an instance of; absent where it has rows */
  readonly template?: string;
  readonly members: readonly MemberSnapshot[];
  /** all members so many times, each row `stride` registers after the one before */
  readonly rows?: { readonly count: number; readonly stride: number };
}

/** How registers become one value. */
interface ValueSnapshot {
  readonly type: PointType;
  /** bit of a register, 0 the least significant, where the type is bool */
  readonly bit?: number;
  /** which byte of the register, where the type is int8 or uint8 */
  readonly byte?: "high" | "low";
  /** one character of a string in each register, in this byte of it; absent: two */
  readonly byteLocation?: "upper" | "lower";
  /** order of the 16-bit words of a wider value */
  readonly wordOrder: "big" | "little";
  /** order of the two bytes in each word; Modbus says big */
  readonly byteOrder: "big" | "little";
  /** value = raw * scale + offset */
  readonly scale: number;
  readonly offset: number;
  readonly unit?: string;
  /** a change smaller than this, scaled, is not sampled; 0 samples every change */
  readonly deadband: number;
}

export interface MemberSnapshot extends ValueSnapshot {
  readonly name: string;
  /** registers from the start of the record, or of its row */
  readonly at: number;
  readonly count: number;
}

export interface ScalarSnapshot extends PlaceSnapshot, ValueSnapshot {
  /** engineering range, scaled; outside it a value is uncertain */
  readonly low?: number;
  readonly high?: number;
  readonly output?: OutputSnapshot;
}

/** Network interfaces the uplink may choose from. */
export const UPLINK_INTERFACES_MAX = 4;

export interface UplinkSnapshot {
  readonly site: string;
  readonly device: string;
  /** in the order of preference: the first serves whenever it can */
  readonly brokers: readonly [BrokerSnapshot, ...BrokerSnapshot[]];
  /** in the order of preference; empty: whichever way the host's routes go */
  readonly interfaceNames: readonly string[];
  /** how often a better broker or interface is tried while another one serves */
  readonly returnMs: number;
  readonly sparkplug: { readonly group: string; readonly edgeNode: string; readonly primaryHost?: string };
  /** what management topics begin with, before `/<site>/<device>` */
  readonly managementPrefix: string;
  /** Rebirth commands obeyed in a minute */
  readonly rebirthsPerMinute: number;
  /** how often values are handed to the broker and marked */
  readonly publishMs: number;
  readonly budget: { readonly day: Allowances; readonly month: Allowances };
  /** absent: one gateway, or a few */
  readonly fleet?: FleetSnapshot;
  /** who else is told of alarms */
  readonly notify?: readonly AlarmSinkSnapshot[];
  readonly modbusServer?: ModbusServerSnapshot;
}

/** The gateways that share this one's broker, for spreading what all of them would do at once. */
export interface FleetSnapshot {
  readonly gateways: number;
  /** connections of all of them together that the broker is to see in any one second */
  readonly connectsPerSecond: number;
}

/** Bytes on the wire in one period, TLS included, by class; a class without a number is not limited. */
export type Allowances = Partial<Readonly<Record<TrafficClass, number>>>;

export interface BrokerSnapshot {
  /** how MQTT travels inside TLS: bare, or in WebSocket frames */
  readonly transport: "tcp" | "websocket";
  readonly host: string;
  readonly port: number;
  /** of the WebSocket request; `/` where there is none */
  readonly path: string;
  /** whom the broker's certificate must name */
  readonly serverName: string;
  /** application protocol to name in TLS, on a port that serves others, too */
  readonly alpn?: string;
  readonly proxy?: ProxySnapshot;
  readonly tlsVersionMin: "1.3" | "1.2";
  /** never offer X25519 alone */
  readonly hybridOnly: boolean;
  readonly protocol: "auto" | "5" | "3.1.1";
  readonly clientId: string;
  readonly username?: string;
  /** as CONNECT declares it: the broker takes us for dead after one and a half of it */
  readonly keepaliveS: number;
  /** how short the pause between two PINGREQ may become */
  readonly keepaliveSMin: number;
  readonly connectTimeoutMs: number;
  /** first and longest pause between attempts, before jitter */
  readonly retryMsMin: number;
  readonly retryMsMax: number;
  readonly packetBytesMax: number;
  /** whether the broker keeps retained messages */
  readonly retains: boolean;
  /** PUBLISH packets the broker takes in a second; absent: as many as we have */
  readonly publishesPerSecondMax?: number;
  /** bytes of PUBLISH packets the broker takes in a second */
  readonly bytesPerSecondMax?: number;
  /** absolute paths of PEM files, read by `uplink` at each connect */
  readonly anchorsPath: string;
  readonly certificatePath: string;
  readonly keyPath: string;
  /** absolute path of a file with the MQTT password on its first line */
  readonly passwordPath?: string;
}

/** A forward proxy that does CONNECT. */
export interface ProxySnapshot {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  /** absolute path of a file with the password on its first line */
  readonly passwordPath?: string;
}
