import type { Section } from "./section.ts";

/** The keys of a point that say how registers become a value. */
export interface ValueKeys {
  type?: string;
  length?: number;
  bit?: number;
  byte?: "high" | "low";
  byteLocation?: "upper" | "lower";
  wordOrder?: "little";
  byteOrder?: "little";
  scale?: number;
}

interface Size {
  readonly keys: ValueKeys;
  readonly registers: number;
}

const plain = (type: string, registers: number): Size => ({ keys: { type }, registers });
/** Types by Telegraf's names; those of the register style carry `-IEEE`. */
const TYPES: Readonly<Record<string, Size>> = {
  INT8L: { keys: { type: "int8", byte: "low" }, registers: 1 },
  INT8H: { keys: { type: "int8", byte: "high" }, registers: 1 },
  UINT8L: { keys: { type: "uint8", byte: "low" }, registers: 1 },
  UINT8H: { keys: { type: "uint8", byte: "high" }, registers: 1 },
  INT16: plain("int16", 1),
  UINT16: plain("uint16", 1),
  INT32: plain("int32", 2),
  UINT32: plain("uint32", 2),
  INT64: plain("int64", 4),
  UINT64: plain("uint64", 4),
  FLOAT16: plain("float16", 1),
  FLOAT32: plain("float32", 2),
  FLOAT64: plain("float64", 4),
  "FLOAT16-IEEE": plain("float16", 1),
  "FLOAT32-IEEE": plain("float32", 2),
  "FLOAT64-IEEE": plain("float64", 4),
};
const INTEGER_BITS: Readonly<Record<number, number>> = { 1: 16, 2: 32, 4: 64 };

/** A type of the request and metric styles. @returns undefined after a note */
export function typeOfField(field: Section, name: string): Size | undefined {
  const written = field.text("type") ?? "";
  const type = written.toUpperCase();
  if (type === "STRING") {
    const length = field.number("length") ?? 1;
    return { keys: { type: "string", length }, registers: length };
  }
  if (type === "BIT") return { keys: { type: "bool", bit: field.number("bit") ?? 0 }, registers: 1 };
  const known = TYPES[type];
  if (known === undefined)
    field.notes.lost(field.place, `type = ${JSON.stringify(written)}: no such type, so ${name} is left out`);
  return known;
}

/** A type of the register style, whose size is in the number of its addresses. @returns undefined after a note */
export function typeOfRegisters(field: Section, registers: number, name: string): Size | undefined {
  const written = field.text("data_type") ?? "";
  const type = written.toUpperCase();
  const bits = INTEGER_BITS[registers];
  if (type === "STRING") return { keys: { type: "string", length: registers }, registers };
  if (type === "BIT" && registers === 1) return { keys: { type: "bool", bit: field.number("bit") ?? 0 }, registers };
  // what this style calls FLOAT32 is an unsigned number with a scale
  const fixed = type === "FIXED" ? "int" : type === "UFIXED" || type === "FLOAT32" ? "uint" : undefined;
  const known =
    fixed === undefined ? TYPES[type] : bits === undefined ? undefined : plain(`${fixed}${bits}`, registers);
  if (known !== undefined && known.registers === registers) return known;
  const why =
    known === undefined && fixed === undefined && type !== "BIT"
      ? "no such type"
      : `it has ${registers} addresses, which do not make one`;
  field.notes.lost(field.place, `data_type = ${JSON.stringify(written)}: ${why}, so ${name} is left out`);
  return undefined;
}

/** The scale, as far as it does something: 0 stands for none there. */
export function scaleKeys(field: Section, scale: number | undefined, { type }: ValueKeys): { readonly scale?: number } {
  if (scale === undefined || scale === 0 || scale === 1) return {};
  if (type !== "string" && type !== "bool") return { scale };
  field.notes.lost(field.place, `scale = ${scale}: a ${type === "bool" ? "bit" : "text"} has none`);
  return {};
}

/** Byte orders by their first four letters; those of 8 bytes follow the same pattern. */
const ORDERS: Readonly<Record<string, Pick<ValueKeys, "wordOrder" | "byteOrder">>> = {
  "": {},
  AB: {},
  BA: { byteOrder: "little" },
  ABCD: {},
  DCBA: { wordOrder: "little", byteOrder: "little" },
  BADC: { byteOrder: "little" },
  CDAB: { wordOrder: "little" },
  ABCDEFGH: {},
  HGFEDCBA: { wordOrder: "little", byteOrder: "little" },
  BADCFEHG: { byteOrder: "little" },
  GHEFCDAB: { wordOrder: "little" },
};

/** `CDAB` as word order and byte order. @returns undefined after a note */
export function orderOf(section: Section): Pick<ValueKeys, "wordOrder" | "byteOrder"> | undefined {
  const written = section.text("byte_order") ?? "";
  const order = ORDERS[written.toUpperCase()];
  if (order === undefined)
    section.notes.lost(
      section.place,
      `byte_order = ${JSON.stringify(written)}: no such order, so its values are left out`,
    );
  return order;
}

/** The order, as far as it matters: one register has no order of words. */
export function orderKeys(
  order: Pick<ValueKeys, "wordOrder" | "byteOrder">,
  registers: number,
): Pick<ValueKeys, "wordOrder" | "byteOrder"> {
  return {
    ...(order.wordOrder === undefined || registers === 1 ? {} : { wordOrder: order.wordOrder }),
    ...(order.byteOrder === undefined ? {} : { byteOrder: order.byteOrder }),
  };
}
