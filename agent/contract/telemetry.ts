import type { XStatic } from "typebox/schema";
import { POINT_TYPES, scalarsIn } from "./point.ts";
import type { PointValue } from "./point.ts";

/** Names limits once. Derived from what 500 devices of 30 points need, with an order of magnitude to spare. */
export const SOURCES_MAX = 1_000;
/** As many alarms as a gateway may have, with its own, are the points of one source. */
export const POINTS_PER_SOURCE_MAX = 5_100;
export const BATCH_VALUES_MAX = 4_000;
export const NAME_CHARS_MAX = 64;
export const STRING_VALUE_CHARS_MAX = 250;
export const RECORD_MEMBERS_MAX = 64;
/** Members times rows. All of it comes in one Modbus reply of 250 bytes. */
export const RECORD_VALUES_MAX = 250;

const index = { type: "integer", minimum: 0 } as const;
const sequence = { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;
const name = { type: "string", minLength: 1, maxLength: NAME_CHARS_MAX } as const;
const scalar = [
  { type: "number" },
  { type: "boolean" },
  { type: "string", maxLength: STRING_VALUE_CHARS_MAX },
  { type: "null" },
] as const;
const value = {
  anyOf: [...scalar, { type: "array", maxItems: RECORD_VALUES_MAX, items: { anyOf: scalar } }],
} as const;
const unit = { type: "string", maxLength: 32 } as const;
const scalarType = {
  enum: POINT_TYPES,
} as const;
const trust = { enum: ["untrusted", "bounded", "trusted"] } as const;

/** What the cells of a record are. */
const recordShape = {
  type: "object",
  additionalProperties: false,
  required: ["members"],
  properties: {
    /** what the record is an instance of; absent where it has rows */
    template: name,
    /** so many rows of all members; absent where there is one set of them */
    rows: { type: "integer", minimum: 1, maximum: RECORD_VALUES_MAX },
    members: {
      type: "array",
      minItems: 1,
      maxItems: RECORD_MEMBERS_MAX,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["name", "type"],
        properties: { name, type: scalarType, unit },
      },
    },
  },
} as const;
export type RecordShape = XStatic<typeof recordShape>;

const rosterPoint = {
  type: "object",
  additionalProperties: false,
  required: ["name", "type", "output", "value", "quality", "timeMs"],
  properties: {
    name,
    /** what the value is after scaling: a scaled integer is a float64 */
    type: { enum: [...scalarType.enum, "record"] },
    /** of a record, and only there */
    record: recordShape,
    unit,
    low: { type: "number" },
    high: { type: "number" },
    output: { type: "boolean" },
    /** the latest value, its quality (index into QUALITIES) and source time, for a birth */
    value,
    quality: index,
    timeMs: { type: "number" },
  },
} as const;

const rosterSource = {
  type: "object",
  additionalProperties: false,
  required: ["name", "bus", "online", "points"],
  properties: {
    name,
    bus: name,
    /** whether the device answered last: false is a device death */
    online: { type: "boolean" },
    points: { type: "array", maxItems: POINTS_PER_SOURCE_MAX, items: rosterPoint },
  },
} as const;

/** field → uplink. Sent first on every connection and again whenever the configuration changes what exists. */
export const Roster = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "bootId", "revision", "sources"],
  properties: {
    kind: { const: "roster" },
    /** one per start of `field`: sequences start at 0 in each */
    bootId: { type: "string", minLength: 1, maxLength: 64 },
    /** batches name sources and points by index into the roster of the same revision */
    revision: index,
    sources: { type: "array", maxItems: SOURCES_MAX, items: rosterSource },
  },
} as const;
export type Roster = XStatic<typeof Roster>;
export type RosterSource = Roster["sources"][number];
export type RosterPoint = RosterSource["points"][number];

/**
 * field → uplink. Values of one source, in columns, sampled in this order; value i has sequence `first + i`.
 * Fifteen thousand of these values pass each second, so {@link decodeBatch} checks them and not the schema interpreter.
 */
export interface Batch {
  readonly kind: "batch";
  readonly revision: number;
  readonly source: number;
  readonly first: number;
  readonly trust: "untrusted" | "bounded" | "trusted";
  readonly points: readonly number[];
  readonly values: readonly PointValue[];
  /** indices into QUALITIES */
  readonly qualities: readonly number[];
  /** source time, Unix milliseconds */
  readonly times: readonly number[];
}

/** What a batch takes of the credit. */
export function scalarsOf({ values }: Pick<Batch, "values">): number {
  let scalars = 0;
  for (const one of values) scalars += scalarsIn(one);
  return scalars;
}

/** field → uplink. Sequences `from` to `to` inclusive could not be kept; published in the next mark. */
export const Gap = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "source", "from", "to", "reason"],
  properties: {
    kind: { const: "gap" },
    /** the source's name: a gap may outlive the roster that numbered it */
    source: name,
    from: sequence,
    to: sequence,
    reason: { enum: ["queue-full", "configuration-changed"] },
  },
} as const;
export type Gap = XStatic<typeof Gap>;

/** field → uplink. A device went away or came back. */
export const SourceState = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "revision", "source", "online", "trust", "timeMs"],
  properties: {
    kind: { const: "source-state" },
    revision: index,
    source: index,
    online: { type: "boolean" },
    trust,
    timeMs: { type: "number" },
  },
} as const;
export type SourceState = XStatic<typeof SourceState>;

/**
 * uplink → field. The mark that carried these cursors was acknowledged by the broker on the connection that carried
 * the values: everything up to and including each sequence, and the listed gaps, may be forgotten.
 */
export const Acknowledged = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "bootId", "cursors", "gaps"],
  properties: {
    kind: { const: "acknowledged" },
    bootId: { type: "string", maxLength: 64 },
    /** source name → highest sequence acknowledged */
    cursors: { type: "object", additionalProperties: sequence },
    /** how many gaps, oldest first */
    gaps: index,
  },
} as const;
export type Acknowledged = XStatic<typeof Acknowledged>;

/**
 * uplink → field. How many values `uplink` is ready to hold unacknowledged, counted from the start of the connection,
 * those of a record one by one ({@link scalarsOf});
 * `field` keeps the rest in its outbox. Grows as marks are acknowledged, so a dead broker stops the flow at the source.
 */
export const Credit = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "values"],
  properties: { kind: { const: "credit" }, values: sequence },
} as const;
export type Credit = XStatic<typeof Credit>;

/** What the session of `uplink` lives on. */
export type TelemetryMessage = Roster | Batch | Gap | SourceState;
