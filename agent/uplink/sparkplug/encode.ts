import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { DataType } from "./datatype.ts";
import { mismatch, wholeMs, writeScalar } from "./encode-value.ts";
import {
  DATA_SET,
  DATA_SET_VALUE,
  METRIC,
  PARAMETER,
  PAYLOAD,
  PROPERTY_SET,
  PROPERTY_SET_LIST,
  PROPERTY_VALUE,
  ROW,
  TEMPLATE,
} from "./payload.ts";
import type { DataSet, Metric, Payload, Property, PropertySetList, Scalar, Template } from "./payload.ts";

/**
 * A whole payload, for births, deaths and commands. Values are of our own making, so one that does not fit its type
 * is a caller's mistake.
 * @param declare whether metrics say their data type: births, deaths and commands do, NDATA and DDATA should not
 * @throws {RangeError} a value outside its type
 * @see Sparkplug B 3.0 §6.4
 */
export function encodePayload(payload: Payload, declare = true): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  if (payload.timestamp !== undefined) {
    writer.tag(PAYLOAD.timestamp, WireType.Varint).uint64(wholeMs(payload.timestamp));
  }
  for (const metric of payload.metrics) {
    writer.tag(PAYLOAD.metrics, WireType.LengthDelimited).fork();
    writeMetric(writer, metric, declare);
    writer.join();
  }
  if (payload.seq !== undefined) writer.tag(PAYLOAD.seq, WireType.Varint).uint64(payload.seq);
  return writer.finish();
}

function writeMetric(writer: BinaryWriter, metric: Metric, declare: boolean): void {
  if (metric.name !== undefined) writer.tag(METRIC.name, WireType.LengthDelimited).string(metric.name);
  if (metric.alias !== undefined) writer.tag(METRIC.alias, WireType.Varint).uint64(metric.alias);
  if (metric.timestamp !== undefined) {
    writer.tag(METRIC.timestamp, WireType.Varint).uint64(wholeMs(metric.timestamp));
  }
  if (declare && metric.type !== undefined) writer.tag(METRIC.datatype, WireType.Varint).uint32(metric.type);
  if (metric.historical === true) writer.tag(METRIC.isHistorical, WireType.Varint).bool(true);
  if (metric.transient === true) writer.tag(METRIC.isTransient, WireType.Varint).bool(true);
  if (metric.value === null) writer.tag(METRIC.isNull, WireType.Varint).bool(true);
  if (metric.properties !== undefined) {
    writer.tag(METRIC.properties, WireType.LengthDelimited).fork();
    writeProperties(writer, metric.properties);
    writer.join();
  }
  const { value } = metric;
  if (value === undefined || value === null) return;
  if (typeof value === "symbol") throw new RangeError("an opaque value cannot be encoded");
  const type = metric.type ?? DataType.Unknown;
  if (typeof value === "object" && "kind" in value) writeComposite(writer, type, value);
  else writeScalar(writer, METRIC, type, value);
}

/** The `dataset_value` or `template_value` field of a metric. */
export function writeComposite(writer: BinaryWriter, type: number, value: DataSet | Template): void {
  if (value.kind === "data-set") {
    if (type !== DataType.DataSet) mismatch(type, value);
    writer.tag(METRIC.datasetValue, WireType.LengthDelimited).fork();
    writeDataSet(writer, value);
  } else {
    if (type !== DataType.Template) mismatch(type, value);
    writer.tag(METRIC.templateValue, WireType.LengthDelimited).fork();
    writeTemplate(writer, value);
  }
  writer.join();
}

function writeDataSet(writer: BinaryWriter, { columns, types, rows }: DataSet): void {
  if (types.length !== columns.length) throw new RangeError(`${types.length} types for ${columns.length} columns`);
  writer.tag(DATA_SET.numOfColumns, WireType.Varint).uint64(columns.length);
  for (const column of columns) writer.tag(DATA_SET.columns, WireType.LengthDelimited).string(column);
  for (const type of types) writer.tag(DATA_SET.types, WireType.Varint).uint32(type);
  for (const row of rows) {
    if (row.length !== columns.length) throw new RangeError(`${row.length} elements in ${columns.length} columns`);
    writer.tag(DATA_SET.rows, WireType.LengthDelimited).fork();
    row.forEach((value, i) => {
      writer.tag(ROW.elements, WireType.LengthDelimited).fork();
      if (value !== null) writeScalar(writer, DATA_SET_VALUE, types[i] ?? DataType.Unknown, value);
      writer.join();
    });
    writer.join();
  }
}

/** Members say their types in data, too: a host must not need the definition to read an instance. */
function writeTemplate(writer: BinaryWriter, template: Template): void {
  if (template.version !== undefined) writer.tag(TEMPLATE.version, WireType.LengthDelimited).string(template.version);
  for (const metric of template.metrics) {
    writer.tag(TEMPLATE.metrics, WireType.LengthDelimited).fork();
    writeMetric(writer, metric, true);
    writer.join();
  }
  for (const { name, type, value } of template.parameters ?? []) {
    writer.tag(TEMPLATE.parameters, WireType.LengthDelimited).fork();
    writer.tag(PARAMETER.name, WireType.LengthDelimited).string(name);
    writer.tag(PARAMETER.type, WireType.Varint).uint32(type);
    if (value !== null) writeScalar(writer, PARAMETER, type, value);
    writer.join();
  }
  if (template.ref !== undefined) writer.tag(TEMPLATE.templateRef, WireType.LengthDelimited).string(template.ref);
  if (template.isDefinition !== undefined) {
    writer.tag(TEMPLATE.isDefinition, WireType.Varint).bool(template.isDefinition);
  }
}

/** The content of a property set: all keys, then all values, in the same order. */
export function writeProperties(writer: BinaryWriter, properties: readonly Property[]): void {
  for (const { key } of properties) writer.tag(PROPERTY_SET.keys, WireType.LengthDelimited).string(key);
  for (const { type, value } of properties) {
    writer.tag(PROPERTY_SET.values, WireType.LengthDelimited).fork();
    writer.tag(PROPERTY_VALUE.type, WireType.Varint).uint32(type);
    if (value === null) {
      writer.tag(PROPERTY_VALUE.isNull, WireType.Varint).bool(true);
    } else if (isPropertySet(value)) {
      writer.tag(PROPERTY_VALUE.propertysetValue, WireType.LengthDelimited).fork();
      writeProperties(writer, value);
      writer.join();
    } else if (isList(value)) {
      writer.tag(PROPERTY_VALUE.propertysetsValue, WireType.LengthDelimited).fork();
      for (const set of value.sets) {
        writer.tag(PROPERTY_SET_LIST.propertyset, WireType.LengthDelimited).fork();
        writeProperties(writer, set);
        writer.join();
      }
      writer.join();
    } else {
      writeScalar(writer, PROPERTY_VALUE, type, value);
    }
    writer.join();
  }
}

type PropertyContent = NonNullable<Property["value"]>;
const isPropertySet = (value: PropertyContent): value is readonly Property[] => Array.isArray(value);
const isList = (value: Scalar | PropertySetList): value is PropertySetList =>
  typeof value === "object" && "sets" in value;
