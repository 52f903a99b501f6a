import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { DataType } from "./datatype.ts";
import { CELLS_MAX, readDataSet } from "./decode-data-set.ts";
import type { CellBudget } from "./decode-data-set.ts";
import { readProperties } from "./decode-properties.ts";
import { readTemplate } from "./decode-template.ts";
import { readScalar, typed } from "./decode-value.ts";
import { METRIC, OPAQUE, PAYLOAD } from "./payload.ts";
import type { Metric, Payload } from "./payload.ts";
import {
  expectWire,
  readBool,
  readFields,
  readText,
  readUint32,
  readVarint,
  Refused,
  subReader,
} from "./wire-reader.ts";
import type { PayloadRefusal } from "./wire-reader.ts";

/** Metrics of a payload, members of its templates included. */
export const METRICS_MAX = 4_096;
/** Templates in templates. */
export const TEMPLATE_NESTING_MAX = 4;

/** What became of bytes from outside: nothing else can come of them. */
export type Decoded = { readonly payload: Payload } | { readonly refusal: PayloadRefusal; readonly message: string };

/** What one payload may still hold, so that a small message cannot come to a large thing. */
interface Budget extends CellBudget {
  metrics: number;
}

/**
 * Reads a payload from outside. Unknown fields are passed over; where a field repeats that should not, the last one
 * counts, as protobuf says; extensions are not opened.
 * @see Sparkplug B 3.0 §6.4
 */
export function decodePayload(bytes: Uint8Array): Decoded {
  try {
    return { payload: readPayload(new BinaryReader(bytes), { metrics: METRICS_MAX, cells: CELLS_MAX }) };
  } catch (error) {
    const refusal = error instanceof Refused ? error.code : "PAYLOAD_MALFORMED";
    return { refusal, message: error instanceof Error ? error.message : "not a payload" };
  }
}

function readPayload(reader: BinaryReader, budget: Budget): Payload {
  let timestamp: number | undefined;
  let seq: number | undefined;
  const metrics: Metric[] = [];
  readFields(reader, (field, wire) => {
    if (field === PAYLOAD.metrics) metrics.push(readMetric(subReader(reader, wire), budget, 0));
    else if (field === PAYLOAD.timestamp) timestamp = Number(readVarint(reader, wire));
    else if (field === PAYLOAD.seq) seq = Number(readVarint(reader, wire));
    else return false;
    return true;
  });
  return { metrics, ...(timestamp === undefined ? {} : { timestamp }), ...(seq === undefined ? {} : { seq }) };
}

/** @param depth templates around it */
function readMetric(reader: BinaryReader, budget: Budget, depth: number): Metric {
  if (budget.metrics === 0) throw new Refused("PAYLOAD_LIMIT", `more than ${METRICS_MAX} metrics`);
  budget.metrics -= 1;
  const metric: { -readonly [Key in keyof Metric]: Metric[Key] } = {};
  let value: Metric["value"];
  let isNull = false;
  readFields(reader, (field, wire) => {
    if (field === METRIC.name) metric.name = readText(reader, wire);
    else if (field === METRIC.alias) metric.alias = Number(readVarint(reader, wire));
    else if (field === METRIC.timestamp) metric.timestamp = Number(readVarint(reader, wire));
    else if (field === METRIC.datatype) metric.type = readUint32(reader, wire);
    else if (field === METRIC.isHistorical) metric.historical = readBool(reader, wire);
    else if (field === METRIC.isTransient) metric.transient = readBool(reader, wire);
    else if (field === METRIC.isNull) isNull = readBool(reader, wire);
    else if (field === METRIC.properties) metric.properties = readProperties(subReader(reader, wire), 1);
    else if (field >= METRIC.intValue && field <= METRIC.extensionValue) {
      value = readValue(reader, wire, field, budget, depth);
    } else return false;
    return true;
  });
  if (isNull) metric.value = null;
  else if (value !== undefined) metric.value = isInteger(value) ? typed(value, metric.type ?? DataType.Unknown) : value;
  return metric;
}

function readValue(
  reader: BinaryReader,
  wire: WireType,
  field: number,
  budget: Budget,
  depth: number,
): NonNullable<Metric["value"]> {
  if (field <= METRIC.stringValue) return readScalar(reader, wire, field - METRIC.intValue);
  expectWire(wire, WireType.LengthDelimited);
  if (field === METRIC.bytesValue) return new Uint8Array(reader.bytes());
  if (field === METRIC.datasetValue) return readDataSet(subReader(reader, wire), budget);
  if (field === METRIC.templateValue) {
    if (depth === TEMPLATE_NESTING_MAX) {
      throw new Refused("PAYLOAD_LIMIT", `templates nested over ${TEMPLATE_NESTING_MAX}`);
    }
    return readTemplate(subReader(reader, wire), (member) => readMetric(member, budget, depth + 1));
  }
  reader.skip(wire, field);
  return OPAQUE;
}

function isInteger(value: Metric["value"]): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}
