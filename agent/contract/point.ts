/**
 * What a point's value is on the field wire. 64-bit integers travel between processes as decimal strings, so that
 * JSON does not round them.
 */
export const POINT_TYPES = [
  "bool",
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
  "float16",
  "float32",
  "float64",
  "string",
] as const;
export type PointType = (typeof POINT_TYPES)[number];

/** One value as it travels: number, boolean, text, a 64-bit integer as decimal text, or null where there is none. */
export type ScalarValue = number | boolean | string | null;

/** What a point has: one value or, where it is a record, its members' values in order, row after row. */
export type PointValue = ScalarValue | ScalarValue[];

/** What a value takes of a queue or of credit: a record counts as many as it has members and rows. */
export function scalarsIn(value: PointValue): number {
  return typeof value === "object" && value !== null ? value.length : 1;
}

export type QualityClass = "good" | "uncertain" | "stale" | "bad";

/**
 * Every quality with its reason. The index is the wire form between processes: append only.
 * `stale`: a value was good once and is too old now. `bad`: there is no usable value. `uncertain`: use with care.
 */
export const QUALITIES = [
  { quality: "good", reason: "ok" },
  { quality: "bad", reason: "never-read" },
  { quality: "stale", reason: "no-reply" },
  { quality: "stale", reason: "bus-down" },
  { quality: "bad", reason: "exception" },
  { quality: "bad", reason: "not-a-number" },
  { quality: "uncertain", reason: "above-range" },
  { quality: "uncertain", reason: "below-range" },
  { quality: "stale", reason: "bad-frame" },
  { quality: "bad", reason: "not-text" },
  { quality: "bad", reason: "input-missing" },
  { quality: "uncertain", reason: "input-uncertain" },
  { quality: "bad", reason: "line-failed" },
] as const satisfies readonly { readonly quality: QualityClass; readonly reason: string }[];

export type Quality = (typeof QUALITIES)[number];
export type QualityReason = Quality["reason"];

/** Index of a quality in {@link QUALITIES}. */
export function qualityCode(reason: QualityReason): number {
  return QUALITIES.findIndex((entry) => entry.reason === reason);
}
