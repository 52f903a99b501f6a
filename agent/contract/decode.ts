import { Check } from "typebox/schema";
import type { XSchema, XStatic } from "typebox/schema";
import { AlarmEventsTaken, AlarmReceivers } from "./alarm-cursors.ts";
import { AlarmEvent } from "./alarms.ts";
import { FieldHealth } from "./health.ts";
import { QUALITIES } from "./point.ts";
import { ConfigReport } from "./report.ts";
import {
  AlarmOrder,
  Configure,
  Configured,
  ControlReply,
  ControlRequest,
  FieldStatusReply,
  InventoryQuery,
  InventoryReply,
  Notice,
  OrderDone,
  OutputsOrder,
  StatusQuery,
  UplinkStatusReply,
  Write,
  Written,
} from "./rooms.ts";
import type { FieldToKeeper, KeeperToField, KeeperToUplink, UplinkToKeeper } from "./rooms.ts";
import { UplinkContact } from "./field-uplink.ts";
import { SHOWN_MAX } from "./shown.ts";
import {
  Acknowledged,
  BATCH_VALUES_MAX,
  Credit,
  Gap,
  POINTS_PER_SOURCE_MAX,
  RECORD_VALUES_MAX,
  Roster,
  SOURCES_MAX,
  SourceState,
  STRING_VALUE_CHARS_MAX,
} from "./telemetry.ts";
import type { FieldToUplink, UplinkToField } from "./field-uplink.ts";
import type { Shown } from "./shown.ts";
import type { Batch } from "./telemetry.ts";

/** What each room hears, by direction. Each gives the message or, for whatever no schema allows, undefined. */
export function decodeFieldToUplink(value: unknown): FieldToUplink | undefined {
  const kind = kindOf(value);
  if (kind === "batch") return decodeBatch(value);
  if (kind === "shown") return decodeShown(value);
  return byKind(value, {
    roster: Roster,
    gap: Gap,
    "source-state": SourceState,
    "field-health": FieldHealth,
    "alarm-receivers": AlarmReceivers,
    "alarm-event": AlarmEvent,
  });
}

export const decodeUplinkToField = (value: unknown): UplinkToField | undefined =>
  byKind(value, {
    acknowledged: Acknowledged,
    credit: Credit,
    "alarm-events-taken": AlarmEventsTaken,
    "uplink-contact": UplinkContact,
  });

export const decodeKeeperToField = (value: unknown): KeeperToField | undefined =>
  byKind(value, {
    configure: Configure,
    "status-query": StatusQuery,
    write: Write,
    outputs: OutputsOrder,
    alarm: AlarmOrder,
    "inventory-query": InventoryQuery,
  });

export const decodeFieldToKeeper = (value: unknown): FieldToKeeper | undefined =>
  byKind(value, {
    configured: Configured,
    "field-status": FieldStatusReply,
    written: Written,
    done: OrderDone,
    inventory: InventoryReply,
  });

export const decodeKeeperToUplink = (value: unknown): KeeperToUplink | undefined =>
  byKind(value, { configure: Configure, "status-query": StatusQuery, notice: Notice });

export const decodeUplinkToKeeper = (value: unknown): UplinkToKeeper | undefined =>
  byKind(value, { configured: Configured, "uplink-status": UplinkStatusReply });

export const decodeConfigReport = (value: unknown): ConfigReport | undefined => matching(ConfigReport, value);

export const decodeControlRequest = (value: unknown): ControlRequest | undefined => matching(ControlRequest, value);
export const decodeControlReply = (value: unknown): ControlReply | undefined => matching(ControlReply, value);

function matching<const Schema extends XSchema>(schema: Schema, value: unknown): XStatic<Schema> | undefined {
  return Check(schema, value) ? value : undefined;
}

function byKind<const Schemas extends Readonly<Record<string, XSchema>>>(
  value: unknown,
  schemas: Schemas,
): XStatic<Schemas[keyof Schemas]> | undefined {
  const kind = kindOf(value);
  const schema = kind !== undefined && Object.hasOwn(schemas, kind) ? schemas[kind as keyof Schemas] : undefined;
  return schema === undefined ? undefined : matching(schema, value);
}

function kindOf(value: unknown): string | undefined {
  const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  return typeof kind === "string" ? kind : undefined;
}

/** By hand: the schema interpreter takes 75 µs for a batch of 30 values, and 500 batches pass each second. */
function decodeBatch(value: unknown): Batch | undefined {
  const batch = value as Partial<Record<keyof Batch, unknown>>;
  const { points, values, qualities, times } = batch;
  const whole =
    isIndex(batch.revision, Number.MAX_SAFE_INTEGER) &&
    isIndex(batch.source, SOURCES_MAX - 1) &&
    isIndex(batch.first, Number.MAX_SAFE_INTEGER - BATCH_VALUES_MAX) &&
    (batch.trust === "untrusted" || batch.trust === "bounded" || batch.trust === "trusted") &&
    Array.isArray(points) &&
    Array.isArray(values) &&
    Array.isArray(qualities) &&
    Array.isArray(times) &&
    points.length >= 1 &&
    points.length <= BATCH_VALUES_MAX &&
    values.length === points.length &&
    qualities.length === points.length &&
    times.length === points.length &&
    Object.keys(batch).length === BATCH_KEYS;
  if (!whole) return undefined;
  for (let i = 0; i < points.length; i++) {
    if (!isIndex(points[i], POINTS_PER_SOURCE_MAX - 1)) return undefined;
    if (!isIndex(qualities[i], QUALITIES.length - 1)) return undefined;
    if (typeof times[i] !== "number" || !isValue(values[i])) return undefined;
  }
  return value as Batch;
}

const BATCH_KEYS = 9;

/** By hand, too: up to ten thousand values, and again a quarter of a second later. */
function decodeShown(value: unknown): Shown | undefined {
  const shown = value as Partial<Record<keyof Shown, unknown>>;
  const { configDigest, points, values, qualities } = shown;
  const whole =
    typeof configDigest === "string" &&
    configDigest.length <= DIGEST_CHARS_MAX &&
    Array.isArray(points) &&
    Array.isArray(values) &&
    Array.isArray(qualities) &&
    points.length <= SHOWN_MAX &&
    values.length === points.length &&
    qualities.length === points.length &&
    Object.keys(shown).length === SHOWN_KEYS;
  if (!whole) return undefined;
  for (let i = 0; i < points.length; i++) {
    if (!isIndex(points[i], SHOWN_MAX - 1) || !isIndex(qualities[i], QUALITIES.length - 1)) return undefined;
    if (!isScalar(values[i])) return undefined;
  }
  return value as Shown;
}

const SHOWN_KEYS = 5;
const DIGEST_CHARS_MAX = 64;

function isIndex(value: unknown, max: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max;
}

function isValue(value: unknown): boolean {
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value) && value.length <= RECORD_VALUES_MAX && value.every(isScalar);
  }
  return isScalar(value);
}

function isScalar(value: unknown): boolean {
  if (typeof value === "string") return value.length <= STRING_VALUE_CHARS_MAX;
  return typeof value === "number" || typeof value === "boolean" || value === null;
}
