import type { PointType } from "../../contract/point.ts";

/**
 * Sparkplug B data types by their number on the wire.
 * @see Sparkplug B 3.0 §6.4.16 (Data Types)
 */
export const DataType = {
  Unknown: 0,
  Int8: 1,
  Int16: 2,
  Int32: 3,
  Int64: 4,
  UInt8: 5,
  UInt16: 6,
  UInt32: 7,
  UInt64: 8,
  Float: 9,
  Double: 10,
  Boolean: 11,
  String: 12,
  DateTime: 13,
  Text: 14,
  UUID: 15,
  DataSet: 16,
  Bytes: 17,
  File: 18,
  Template: 19,
  PropertySet: 20,
  PropertySetList: 21,
  Int8Array: 22,
  Int16Array: 23,
  Int32Array: 24,
  Int64Array: 25,
  UInt8Array: 26,
  UInt16Array: 27,
  UInt32Array: 28,
  UInt64Array: 29,
  FloatArray: 30,
  DoubleArray: 31,
  BooleanArray: 32,
  StringArray: 33,
  DateTimeArray: 34,
} as const;

/**
 * What a point's value is called in Sparkplug. A uint32 is an Int64: the specification's table puts UInt32 into the
 * 32-bit field and its reference implementations into the 64-bit one, so that whichever one writes, half of the hosts
 * read 0 or nothing (eclipse-sparkplug/sparkplug#102, eclipse-tahu/tahu#397). Int64 is the same to all of them.
 */
export const DATA_TYPE_OF_POINT = {
  bool: DataType.Boolean,
  int8: DataType.Int8,
  uint8: DataType.UInt8,
  int16: DataType.Int16,
  uint16: DataType.UInt16,
  int32: DataType.Int32,
  uint32: DataType.Int64,
  int64: DataType.Int64,
  uint64: DataType.UInt64,
  float16: DataType.Float,
  float32: DataType.Float,
  float64: DataType.Double,
  string: DataType.String,
} as const satisfies Readonly<Record<PointType, number>>;

/** Smallest and largest value of the integer types that travel in `int_value`. */
export const INTEGER_RANGE: Readonly<Record<number, readonly [number, number]>> = {
  [DataType.Int8]: [-0x80, 0x7f],
  [DataType.Int16]: [-0x8000, 0x7fff],
  [DataType.Int32]: [-0x8000_0000, 0x7fff_ffff],
  [DataType.UInt8]: [0, 0xff],
  [DataType.UInt16]: [0, 0xffff],
  [DataType.UInt32]: [0, 0xffff_ffff],
};
