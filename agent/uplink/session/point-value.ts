import type { PointValue } from "../../contract/point.ts";
import { DATA_TYPE_OF_POINT, DataType } from "../sparkplug/datatype.ts";
import type { Metric, Scalar } from "../sparkplug/payload.ts";
import { recordField, recordType, recordValue, templateDefinition } from "../sparkplug/record.ts";
import { pointScalar } from "../sparkplug/value.ts";
import type { Point, Source } from "./source.ts";

/** Behind every alias that devices can have, so that definitions need not be counted before these are given out. */
const DEFINITION_ALIAS_FIRST = 1 << 24;

/** A value for the data encoder, which takes a record as a ready-made field; null where there is none. */
export function dataValue(point: Point, value: PointValue, timeMs: number): Scalar | null {
  if (point.record !== undefined) return recordField(point.record, value, timeMs);
  return point.type === "record" ? null : pointScalar(point.type, value);
}

/** Datatype and newest value of a point, for its birth. */
export function birthValue({ type, record, value, timeMs }: Point): Pick<Metric, "type" | "value"> {
  if (record !== undefined) return { type: recordType(record), value: recordValue(record, value, timeMs) };
  // `field` is another process: a record of unknown shape is something that has no value
  if (type === "record") return { type: DataType.String, value: null };
  return { type: DATA_TYPE_OF_POINT[type], value: pointScalar(type, value) };
}

/** The templates that records of these sources are instances of, each once: they stand in the NBIRTH alone. */
export function templateDefinitions(sources: readonly Source[], nowMs: number): readonly Metric[] {
  const definitions = new Map<string, Metric>();
  for (const { record } of sources.flatMap(({ points }) => points)) {
    if (record?.template === undefined || definitions.has(record.template)) continue;
    const alias = DEFINITION_ALIAS_FIRST + definitions.size;
    definitions.set(record.template, templateDefinition(record.template, record, alias, nowMs));
  }
  return [...definitions.values()];
}
