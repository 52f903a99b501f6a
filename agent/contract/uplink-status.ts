import type { XStatic } from "typebox/schema";
import { ALARM_SINKS_MAX, AlarmSinkStatus } from "./alarm-sinks.ts";
import { Fault } from "./fault.ts";
import { ModbusServerStatus } from "./modbus-server.ts";

/** Brokers one gateway may know, the preferred one included. */
export const BROKERS_MAX = 8;

const count = { type: "integer", minimum: 0 } as const;
const text = { type: "string", maxLength: 512 } as const;

/** What is told apart on the wire. `overhead`: handshakes, keep-alives, acknowledgements, TCP's payload and nothing below. */
export const TRAFFIC_CLASSES = ["live", "history", "management"] as const;
export type TrafficClass = (typeof TRAFFIC_CLASSES)[number];

/** Bytes on the wire in both directions, TLS included, by class. */
export const Traffic = {
  type: "object",
  additionalProperties: false,
  required: [...TRAFFIC_CLASSES, "overhead"],
  properties: { live: count, history: count, management: count, overhead: count },
} as const;
export type Traffic = XStatic<typeof Traffic>;

/** What the connection's handshake came to. */
const TlsFacts = {
  type: "object",
  additionalProperties: false,
  required: ["version", "cipher", "group"],
  properties: {
    /** such as TLSv1.3 */
    version: { type: "string", maxLength: 16 },
    cipher: { type: "string", maxLength: 64 },
    /** key exchange, such as X25519MLKEM768 */
    group: { type: "string", maxLength: 64 },
  },
} as const;
export type TlsFacts = XStatic<typeof TlsFacts>;

const BrokerStatus = {
  type: "object",
  additionalProperties: false,
  required: ["address", "state"],
  properties: {
    address: text,
    /** `serving`: connected; `next`: tried now or next; `standby`: not needed; `away`: failed when it was last tried */
    state: { enum: ["serving", "next", "standby", "away"] },
    lastFault: Fault,
  },
} as const;
export type BrokerStatus = XStatic<typeof BrokerStatus>;

const PrimaryHost = {
  type: "object",
  additionalProperties: false,
  required: ["id", "state"],
  properties: {
    id: { type: "string", maxLength: 64 },
    /** `unknown`: it has said nothing on this connection */
    state: { enum: ["unknown", "online", "offline"] },
  },
} as const;
export type PrimaryHost = XStatic<typeof PrimaryHost>;

export const UplinkStatus = {
  type: "object",
  additionalProperties: false,
  required: [
    "state",
    "broker",
    "brokers",
    "interfaceName",
    "protocol",
    "hybridStalled",
    "pingS",
    "day",
    "month",
    "held",
    "connects",
    "attempts",
    "marksSent",
    "marksAcknowledged",
    "dataMessages",
    "births",
    "rebirthsRefused",
    "writesRefused",
    "malformedMessages",
    "oversizeMessages",
    "configDigest",
  ],
  properties: {
    /** `waiting-for-host`: connected, but the primary host is not there */
    state: { enum: ["unconfigured", "connecting", "waiting", "waiting-for-host", "online"] },
    /** the one in use or tried now, such as mqtts://broker.example:8883 */
    broker: text,
    brokers: { type: "array", maxItems: BROKERS_MAX, items: BrokerStatus },
    /** empty where the host's routes decide */
    interfaceName: { type: "string", maxLength: 15 },
    protocol: { enum: ["", "3.1.1", "5"] },
    /** of the connection; absent while there is none */
    tls: TlsFacts,
    /** hybrid handshakes stalled on this way, so X25519 alone is offered until the next daily try */
    hybridStalled: { type: "boolean" },
    /** seconds of silence after which the connection is kept open */
    pingS: { type: "number", minimum: 0 },
    primaryHost: PrimaryHost,
    /** since midnight and since the first of the month, UTC */
    day: Traffic,
    month: Traffic,
    /** classes whose budget is used up */
    held: { type: "array", maxItems: TRAFFIC_CLASSES.length, items: { enum: TRAFFIC_CLASSES } },
    connects: count,
    attempts: count,
    /** until the next attempt, while waiting */
    retryInMs: { type: "number", minimum: 0 },
    marksSent: count,
    marksAcknowledged: count,
    dataMessages: count,
    births: count,
    /** Rebirth commands over the rate limit */
    rebirthsRefused: count,
    /** NCMD and DCMD metrics other than Rebirth: refused, since nothing may be written by an unsigned message */
    writesRefused: count,
    malformedMessages: count,
    oversizeMessages: count,
    configDigest: { type: "string", maxLength: 64 },
    lastFault: Fault,
    /** absent where the configuration has none */
    modbusServer: ModbusServerStatus,
    /** receivers of alarms, in the order of the file; absent where there are none */
    notify: { type: "array", maxItems: ALARM_SINKS_MAX, items: AlarmSinkStatus },
  },
} as const;
export type UplinkStatus = XStatic<typeof UplinkStatus>;
