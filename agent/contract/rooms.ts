import type { XStatic } from "typebox/schema";
import { ALARM_ACTIONS } from "./alarms.ts";
import { BusInventory } from "./inventory.ts";
import { OUTPUT_ACTIONS, OUTPUTS_MAX, pointRef } from "./outputs.ts";
import { ConfigReport } from "./report.ts";
import { FieldStatus, GatewayStatus } from "./status.ts";
import { UplinkStatus } from "./uplink-status.ts";
import { NAME_CHARS_MAX, SOURCES_MAX, STRING_VALUE_CHARS_MAX } from "./telemetry.ts";

const id = { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;
const digest = { type: "string", maxLength: 64 } as const;
const name = { type: "string", minLength: 1, maxLength: NAME_CHARS_MAX } as const;
const text = { type: "string", maxLength: 512 } as const;

/** keeper → field, keeper → uplink. The room's own part of the snapshot, and the digest of the whole. */
export const Configure = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "digest", "part"],
  properties: { kind: { const: "configure" }, digest, part: { type: "object" } },
} as const;
export type Configure = XStatic<typeof Configure>;

/** room → keeper. What became of a `configure`; also sent once on connecting, with the digest that is running. */
export const Configured = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "digest"],
  properties: {
    kind: { const: "configured" },
    /** of the configuration that is running now; empty where there is none */
    digest,
    /** present where the offered one was refused: the running one stays */
    refused: {
      type: "object",
      additionalProperties: false,
      required: ["digest", "code", "message"],
      properties: { digest, code: { type: "string", maxLength: 64 }, message: text },
    },
  },
} as const;
export type Configured = XStatic<typeof Configured>;

/** keeper → field, keeper → uplink. */
export const StatusQuery = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "id", "points"],
  properties: { kind: { const: "status-query" }, id, points: { type: "boolean" } },
} as const;
export type StatusQuery = XStatic<typeof StatusQuery>;

export const FieldStatusReply = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "id", "status"],
  properties: { kind: { const: "field-status" }, id, status: FieldStatus },
} as const;
export type FieldStatusReply = XStatic<typeof FieldStatusReply>;

export const UplinkStatusReply = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "id", "status"],
  properties: { kind: { const: "uplink-status" }, id, status: UplinkStatus },
} as const;
export type UplinkStatusReply = XStatic<typeof UplinkStatusReply>;

/** keeper → uplink, sent on connecting and on change. What the retained config topic says about the offered configuration. */
export const Notice = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "configReport"],
  properties: { kind: { const: "notice" }, configReport: { anyOf: [ConfigReport, { type: "null" }] } },
} as const;
export type Notice = XStatic<typeof Notice>;

/** keeper → field. Write one declared output. Nothing sends it yet but tests: commands are a later journey. */
export const Write = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "id", "source", "point", "value"],
  properties: {
    kind: { const: "write" },
    id,
    source: name,
    point: name,
    value: { anyOf: [{ type: "number" }, { type: "boolean" }, { type: "string", maxLength: STRING_VALUE_CHARS_MAX }] },
  },
} as const;
export type Write = XStatic<typeof Write>;

/** field → keeper. `code` is absent where the device confirmed the write and the read-back shows it. */
export const Written = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "id"],
  properties: {
    kind: { const: "written" },
    id,
    code: {
      enum: [
        "WRITE_UNKNOWN_POINT",
        "WRITE_NOT_AN_OUTPUT",
        "WRITE_OUT_OF_RANGE",
        "WRITE_WRONG_TYPE",
        "WRITE_NO_REPLY",
        "WRITE_EXCEPTION",
        "WRITE_READ_BACK_DIFFERS",
        "WRITE_BUS_DOWN",
        "WRITE_BUSY",
        "WRITE_HELD",
        "WRITE_IN_PLAN",
        "WRITE_NOT_REMOTE",
        "WRITE_NOT_PERMITTED",
        "WRITE_EXCLUDED",
        "WRITE_TOO_FAST",
        "WRITE_TOO_SOON",
        "WRITE_STALE_READ_BACK",
        "WRITE_LISTEN_ONLY",
      ],
    },
    message: text,
    /** what the device reads back */
    readBack: { anyOf: [{ type: "number" }, { type: "boolean" }, { type: "string" }, { type: "null" }] },
  },
} as const;
export type Written = XStatic<typeof Written>;
export type WriteRefusal = NonNullable<Written["code"]>;

/**
 * command line → keeper → field. What a person at the gateway asks of outputs. `by` is who they say they are: what lets
 * them ask is that they reached the control socket.
 */
export const OutputsOrder = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "id", "action", "outputs", "by", "reason"],
  properties: {
    kind: { const: "outputs" },
    id,
    action: { enum: OUTPUT_ACTIONS },
    /** empty: all */
    outputs: { type: "array", maxItems: OUTPUTS_MAX, items: pointRef },
    by: text,
    reason: text,
  },
} as const;
export type OutputsOrder = XStatic<typeof OutputsOrder>;

/** command line → keeper → field. */
export const AlarmOrder = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "id", "action", "alarm", "by", "reason"],
  properties: {
    kind: { const: "alarm" },
    id,
    action: { enum: ALARM_ACTIONS },
    /** empty: all that wait for it; only to acknowledge */
    alarm: { type: "string", maxLength: NAME_CHARS_MAX },
    /** how long it is shelved */
    forMs: { type: "number", minimum: 0 },
    by: text,
    reason: text,
  },
} as const;
export type AlarmOrder = XStatic<typeof AlarmOrder>;

/** field → keeper → command line. What became of an order. */
export const OrderDone = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "id"],
  properties: {
    kind: { const: "done" },
    id,
    refused: {
      type: "object",
      additionalProperties: false,
      required: ["code", "message"],
      properties: { code: { type: "string", maxLength: 64 }, message: text },
    },
  },
} as const;
export type OrderDone = XStatic<typeof OrderDone>;

/** command line → keeper → field. What was seen on one bus; empty: on the first. */
export const InventoryQuery = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "id", "bus"],
  properties: { kind: { const: "inventory-query" }, id, bus: { type: "string", maxLength: NAME_CHARS_MAX } },
} as const;
export type InventoryQuery = XStatic<typeof InventoryQuery>;

/** field → keeper → command line. Null where there is no such bus. */
export const InventoryReply = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "id", "buses", "inventory"],
  properties: {
    kind: { const: "inventory" },
    id,
    /** names of all buses */
    buses: { type: "array", maxItems: SOURCES_MAX, items: name },
    inventory: { anyOf: [BusInventory, { type: "null" }] },
  },
} as const;
export type InventoryReply = XStatic<typeof InventoryReply>;

/** What `keeper` passes on to `field` for a person, and what comes back. */
export type FieldOrder = OutputsOrder | AlarmOrder | InventoryQuery;
export type FieldAnswer = OrderDone | InventoryReply;

/** command line → keeper, over the control socket. */
export const ControlRequest = {
  anyOf: [
    StatusQuery,
    {
      type: "object",
      additionalProperties: false,
      required: ["kind", "id", "snapshot"],
      properties: { kind: { const: "apply-config" }, id, snapshot: { type: "object" } },
    },
    {
      type: "object",
      additionalProperties: false,
      required: ["kind", "id", "report"],
      properties: { kind: { const: "report-config" }, id, report: ConfigReport },
    },
    OutputsOrder,
    AlarmOrder,
    InventoryQuery,
  ],
} as const;
export type ControlRequest = XStatic<typeof ControlRequest>;

/** keeper → command line. */
export const ControlReply = {
  anyOf: [
    {
      type: "object",
      additionalProperties: false,
      required: ["kind", "id", "status"],
      properties: { kind: { const: "gateway-status" }, id, status: GatewayStatus },
    },
    OrderDone,
    InventoryReply,
  ],
} as const;
export type ControlReply = XStatic<typeof ControlReply>;

export type KeeperToField = Configure | StatusQuery | Write | FieldOrder;
export type FieldToKeeper = Configured | FieldStatusReply | Written | FieldAnswer;
export type KeeperToUplink = Configure | StatusQuery | Notice;
export type UplinkToKeeper = Configured | UplinkStatusReply;
