import { BinaryWriter } from "@bufbuild/protobuf/wire";
import type { PointType, PointValue, ScalarValue } from "../../contract/point.ts";
import type { RecordShape } from "../../contract/telemetry.ts";
import { DATA_TYPE_OF_POINT, DataType } from "./datatype.ts";
import { writeComposite } from "./encode.ts";
import type { DataSet, Metric, Property, Scalar, Template } from "./payload.ts";
import { pointScalar } from "./value.ts";

/**
 * What a column is called in a data set. The reference implementation in JavaScript opens Int64, Float, Double, Boolean
 * and String columns and throws on any other, and every integer that a register holds fits Int64.
 */
const COLUMN_TYPE = {
  bool: DataType.Boolean,
  int8: DataType.Int64,
  uint8: DataType.Int64,
  int16: DataType.Int64,
  uint16: DataType.Int64,
  int32: DataType.Int64,
  uint32: DataType.Int64,
  int64: DataType.Int64,
  uint64: DataType.UInt64,
  float16: DataType.Float,
  float32: DataType.Float,
  float64: DataType.Double,
  string: DataType.String,
} as const satisfies Readonly<Record<PointType, number>>;

/** A record with rows is a data set, one without an instance of its template. */
export function recordType({ rows }: RecordShape): number {
  return rows === undefined ? DataType.Template : DataType.DataSet;
}

/**
 * A record as Sparkplug has it. One without values still says its shape: every member null, or no row. It is never
 * *is null*, which the reference implementation in JavaScript cannot read of a data set or template.
 */
export function recordValue(shape: RecordShape, value: PointValue, timeMs: number): DataSet | Template {
  const { members, rows } = shape;
  const whole = Array.isArray(value) && value.length === members.length * (rows ?? 1) ? value : undefined;
  if (rows !== undefined) return dataSet(shape, rows, whole);
  return {
    kind: "template",
    ...(shape.template === undefined ? {} : { ref: shape.template }),
    isDefinition: false,
    metrics: members.map(({ name, type }, i) => ({
      name,
      timestamp: timeMs,
      type: DATA_TYPE_OF_POINT[type],
      value: pointScalar(type, whole?.[i] ?? null),
    })),
  };
}

function dataSet({ members }: RecordShape, rows: number, whole: readonly ScalarValue[] | undefined): DataSet {
  const row = (r: number): (Scalar | null)[] =>
    members.map(({ type }, m) => element(type, whole?.[r * members.length + m] ?? null));
  return {
    kind: "data-set",
    columns: members.map(({ name }) => name),
    types: members.map(({ type }) => COLUMN_TYPE[type]),
    rows: Array.from({ length: whole === undefined ? 0 : rows }, (_, r) => row(r)),
  };
}

/** Elements have no *is null*: a number that is none says so itself, other elements are left without a value. */
function element(type: PointType, value: ScalarValue): Scalar | null {
  const scalar = pointScalar(type, value);
  if (scalar === null) return type.startsWith("float") ? Number.NaN : null;
  return COLUMN_TYPE[type] === DataType.Int64 && typeof scalar === "number" ? BigInt(scalar) : scalar;
}

/** The value field of a data metric, ready-made. */
export function recordField(shape: RecordShape, value: PointValue, timeMs: number): Uint8Array {
  const writer = new BinaryWriter();
  writeComposite(writer, recordType(shape), recordValue(shape, value, timeMs));
  return writer.finish();
}

/** The definition that instances refer to by its name. @see Sparkplug B 3.0 §6.4.14 Template */
export function templateDefinition(name: string, { members }: RecordShape, alias: number, nowMs: number): Metric {
  const metrics = members.map((member): Metric => ({
    name: member.name,
    timestamp: nowMs,
    type: DATA_TYPE_OF_POINT[member.type],
    value: null,
    ...(member.unit === undefined ? {} : { properties: [unitProperty(member.unit)] }),
  }));
  return {
    name,
    alias,
    timestamp: nowMs,
    type: DataType.Template,
    value: { kind: "template", isDefinition: true, metrics },
  };
}

/** Units of a data set's columns, by column: a data set itself has no place for them. */
export function unitsOfColumns({ members, rows }: RecordShape): readonly Property[] {
  const units = members.flatMap(({ name, unit }) =>
    unit === undefined ? [] : [{ key: name, type: DataType.String, value: unit }],
  );
  return rows === undefined || units.length === 0
    ? []
    : [{ key: "Holdfast/Units", type: DataType.PropertySet, value: units }];
}

function unitProperty(unit: string): Property {
  return { key: "engUnit", type: DataType.String, value: unit };
}
