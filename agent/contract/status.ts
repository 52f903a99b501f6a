import type { XStatic } from "typebox/schema";
import { AlarmsStatus } from "./alarms.ts";
import { Fault } from "./fault.ts";
import { IoStatus } from "./io.ts";
import { OutputsStatus } from "./outputs.ts";
import { ConfigReport } from "./report.ts";
import {
  NAME_CHARS_MAX,
  POINTS_PER_SOURCE_MAX,
  RECORD_MEMBERS_MAX,
  RECORD_VALUES_MAX,
  SOURCES_MAX,
  STRING_VALUE_CHARS_MAX,
} from "./telemetry.ts";
import { UplinkStatus } from "./uplink-status.ts";

const LOCAL_SOURCES_MAX = 8;
const count = { type: "integer", minimum: 0 } as const;
const name = { type: "string", minLength: 1, maxLength: NAME_CHARS_MAX } as const;
const text = { type: "string", maxLength: 512 } as const;

/** Every class of thing a field wire does wrong, counted since the bus started. */
const BusCounters = {
  type: "object",
  additionalProperties: false,
  required: [
    "requests",
    "replies",
    "exceptions",
    "timeouts",
    "lateReplies",
    "crcErrors",
    "foreignFrames",
    "shortFrames",
    "longFrames",
    "discardedBytes",
    "reopened",
    "latePolls",
    "writes",
    "refusedBroadcasts",
  ],
  properties: {
    requests: count,
    replies: count,
    /** replies that carry a Modbus exception code */
    exceptions: count,
    timeouts: count,
    /** heard after the timeout, from a unit that was asked: discarded */
    lateReplies: count,
    crcErrors: count,
    /** whole frames that answer nobody: another unit, function or transaction */
    foreignFrames: count,
    shortFrames: count,
    longFrames: count,
    discardedBytes: count,
    /** times the port or socket was opened again after it was lost */
    reopened: count,
    /** polls that started more than one of their own periods late */
    latePolls: count,
    writes: count,
    refusedBroadcasts: count,
  },
} as const;
export type BusCounters = XStatic<typeof BusCounters>;

const scalar = [
  { type: "number" },
  { type: "boolean" },
  { type: "string", maxLength: STRING_VALUE_CHARS_MAX },
  { type: "null" },
] as const;

const PointStatus = {
  type: "object",
  additionalProperties: false,
  required: ["name", "type", "value", "quality", "reason", "timeMs", "sequence"],
  properties: {
    name,
    type: { type: "string", maxLength: 16 },
    unit: { type: "string", maxLength: 32 },
    output: { type: "boolean" },
    /** of a record: what its cells are, row after row */
    members: {
      type: "array",
      maxItems: RECORD_MEMBERS_MAX,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["name"],
        properties: { name, unit: { type: "string", maxLength: 32 } },
      },
    },
    value: { anyOf: [...scalar, { type: "array", maxItems: RECORD_VALUES_MAX, items: { anyOf: scalar } }] },
    quality: { enum: ["good", "uncertain", "stale", "bad"] },
    reason: { type: "string", maxLength: 32 },
    timeMs: { type: "number" },
    /** of the latest sampled value; -1 before the first */
    sequence: { type: "integer", minimum: -1 },
  },
} as const;
export type PointStatus = XStatic<typeof PointStatus>;

const DeviceStatus = {
  type: "object",
  additionalProperties: false,
  required: ["name", "unit", "online", "timeouts", "exceptions", "invalidValues", "replyMs", "points"],
  properties: {
    name,
    unit: count,
    online: { type: "boolean" },
    timeouts: count,
    exceptions: count,
    /** readings that were NaN, infinite or not text: each a bad value without a number in it */
    invalidValues: count,
    /** smoothed time from request sent to reply complete */
    replyMs: { type: "number", minimum: 0 },
    /** when a dead device is asked next, milliseconds from now; absent while it answers */
    probeInMs: { type: "number", minimum: 0 },
    lastFault: Fault,
    /** empty unless points were asked for */
    points: { type: "array", maxItems: POINTS_PER_SOURCE_MAX, items: PointStatus },
  },
} as const;
export type DeviceStatus = XStatic<typeof DeviceStatus>;

const BusStatus = {
  type: "object",
  additionalProperties: false,
  required: ["name", "kind", "target", "state", "loadPercent", "counters", "devices"],
  properties: {
    name,
    kind: { enum: ["rtu", "ascii", "tcp", "rtu-over-tcp", "ascii-over-tcp"] },
    /** device path or host:port */
    target: text,
    /** resting: closed until something is due, as its configuration wants it */
    state: { enum: ["opening", "open", "waiting", "resting"] },
    /** share of the last ten seconds in which the bus was busy with a transaction */
    loadPercent: { type: "number", minimum: 0, maximum: 100 },
    lastFault: Fault,
    counters: BusCounters,
    devices: { type: "array", maxItems: SOURCES_MAX, items: DeviceStatus },
  },
} as const;
export type BusStatus = XStatic<typeof BusStatus>;

export const FieldStatus = {
  type: "object",
  additionalProperties: false,
  required: ["bootId", "configDigest", "clockTrust", "queue", "buses"],
  properties: {
    bootId: { type: "string", maxLength: 64 },
    /** of the configuration that is running; empty while there is none */
    configDigest: { type: "string", maxLength: 64 },
    clockTrust: { enum: ["untrusted", "bounded", "trusted"] },
    queue: {
      type: "object",
      additionalProperties: false,
      required: ["values", "valuesMax", "dropped", "sampled", "acknowledged"],
      properties: {
        values: count,
        valuesMax: count,
        /** values lost to a full queue since boot, all declared as gaps */
        dropped: count,
        sampled: count,
        acknowledged: count,
      },
    },
    buses: { type: "array", maxItems: SOURCES_MAX, items: BusStatus },
    /** sources that are no field device: derived points, alarms, inputs of the housing */
    local: {
      type: "array",
      maxItems: LOCAL_SOURCES_MAX,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["name", "points"],
        properties: { name, points: { type: "array", maxItems: POINTS_PER_SOURCE_MAX, items: PointStatus } },
      },
    },
    /** absent where no output is declared */
    outputs: OutputsStatus,
    /** absent where the configuration has none */
    alarms: AlarmsStatus,
    /** absent where the housing has none */
    io: IoStatus,
  },
} as const;
export type FieldStatus = XStatic<typeof FieldStatus>;

/** What `holdfast status` shows. A room that does not answer in time is null. */
export const GatewayStatus = {
  type: "object",
  additionalProperties: false,
  required: ["version", "site", "device", "field", "uplink", "configReport"],
  properties: {
    version: text,
    site: { type: "string", maxLength: NAME_CHARS_MAX },
    device: { type: "string", maxLength: NAME_CHARS_MAX },
    field: { anyOf: [FieldStatus, { type: "null" }] },
    uplink: { anyOf: [UplinkStatus, { type: "null" }] },
    /** why the newest offered configuration is not the one running; null when it is */
    configReport: { anyOf: [ConfigReport, { type: "null" }] },
  },
} as const;
export type GatewayStatus = XStatic<typeof GatewayStatus>;
