import { EXCEPTION_CODES, ModbusException } from "./exception.ts";
import type { Block } from "./table.ts";

/** How a value lies in registers. Devices differ in word order far more often than in byte order. */
export interface Layout {
  readonly type: "int16" | "uint16" | "int32" | "uint32" | "int64" | "uint64" | "float32" | "float64" | "string";
  /** registers of a string, two characters each */
  readonly length?: number;
  readonly wordOrder?: "big" | "little";
  readonly byteOrder?: "big" | "little";
}

/** 64-bit integers are bigint, strings ASCII, everything else a number. */
export type Value = number | bigint | string;

const SIZES = { int16: 1, uint16: 1, int32: 2, uint32: 2, int64: 4, uint64: 4, float32: 2, float64: 4 } as const;

export function registersOf(layout: Layout): number {
  return layout.type === "string" ? (layout.length ?? 1) : SIZES[layout.type];
}

/** A value's registers. Integers wrap as the hardware's would; a long string is cut, a short one padded with NUL. */
export function encodeValue(layout: Layout, value: Value): number[] {
  const view = new DataView(new ArrayBuffer(registersOf(layout) * 2));
  writeValue(view, layout.type, value);
  return arrange(
    Array.from({ length: view.byteLength / 2 }, (_, i) => view.getUint16(i * 2)),
    layout,
  );
}

export function decodeValue(layout: Layout, words: readonly number[]): Value {
  const view = new DataView(new ArrayBuffer(registersOf(layout) * 2));
  arrange(words, layout).forEach((word, i) => view.setUint16(i * 2, word));
  return readValue(view, layout.type);
}

/** A value that lives elsewhere, shown in registers. @param write throws {@link ModbusException} to refuse */
export function valueBlock(layout: Layout, read: () => Value, write?: (value: Value) => void): Block {
  const block = { size: registersOf(layout), read: () => encodeValue(layout, read()) };
  return write === undefined ? block : { ...block, write: (words) => write(decodeValue(layout, words)) };
}

/** A coil or discrete input that lives elsewhere. */
export function bitBlock(read: () => boolean, write?: (on: boolean) => void): Block {
  const block = { size: 1, read: () => [read() ? 1 : 0] };
  return write === undefined ? block : { ...block, write: ([bit]) => write(bit === 1) };
}

/** For write hooks: the number, or the exception 3 a device gives for a value outside its range. */
export function expectRange(value: Value, low: number, high: number): number {
  if (typeof value !== "number" || !(value >= low && value <= high)) {
    throw new ModbusException(EXCEPTION_CODES.illegalDataValue, `${value} is outside ${low} to ${high}`);
  }
  return value;
}

function arrange(words: readonly number[], layout: Layout): number[] {
  const bytesInOrder =
    layout.byteOrder === "little" ? words.map((word) => ((word & 0xff) << 8) | (word >>> 8)) : [...words];
  return layout.wordOrder === "little" ? bytesInOrder.toReversed() : bytesInOrder;
}

function writeValue(view: DataView, type: Layout["type"], value: Value): void {
  switch (type) {
    case "int16":
    case "uint16":
      return view.setUint16(0, Number(value));
    case "int32":
    case "uint32":
      return view.setUint32(0, Number(value));
    case "int64":
    case "uint64":
      return view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)));
    case "float32":
      return view.setFloat32(0, Number(value));
    case "float64":
      return view.setFloat64(0, Number(value));
    case "string":
      Buffer.from(view.buffer).write(String(value), "latin1");
      return;
  }
}

function readValue(view: DataView, type: Layout["type"]): Value {
  switch (type) {
    case "int16":
      return view.getInt16(0);
    case "uint16":
      return view.getUint16(0);
    case "int32":
      return view.getInt32(0);
    case "uint32":
      return view.getUint32(0);
    case "int64":
      return view.getBigInt64(0);
    case "uint64":
      return view.getBigUint64(0);
    case "float32":
      return view.getFloat32(0);
    case "float64":
      return view.getFloat64(0);
    case "string":
      return String.fromCharCode(...new Uint8Array(view.buffer)).replace(/\0+$/, "");
  }
}
