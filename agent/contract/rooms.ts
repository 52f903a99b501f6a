import type { XStatic } from "typebox/schema";
import { ConfigReport } from "./report.ts";
import { FieldStatus, GatewayStatus } from "./status.ts";
import { UplinkStatus } from "./uplink-status.ts";
import { NAME_CHARS_MAX, STRING_VALUE_CHARS_MAX } from "./telemetry.ts";

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
      ],
    },
    message: text,
    /** what the device reads back */
    readBack: { anyOf: [{ type: "number" }, { type: "boolean" }, { type: "string" }, { type: "null" }] },
  },
} as const;
export type Written = XStatic<typeof Written>;
export type WriteRefusal = NonNullable<Written["code"]>;

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
    {
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
    },
  ],
} as const;
export type ControlReply = XStatic<typeof ControlReply>;

export type KeeperToField = Configure | StatusQuery | Write;
export type FieldToKeeper = Configured | FieldStatusReply | Written;
export type KeeperToUplink = Configure | StatusQuery | Notice;
export type UplinkToKeeper = Configured | UplinkStatusReply;
