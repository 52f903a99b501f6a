import type { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { DataType } from "./datatype.ts";
import { readScalar, typed } from "./decode-value.ts";
import { PROPERTY_SET, PROPERTY_SET_LIST, PROPERTY_VALUE } from "./payload.ts";
import type { Property, PropertySetList, Scalar } from "./payload.ts";
import { readBool, readFields, readText, readUint32, Refused, subReader } from "./wire-reader.ts";

/** In one set, and sets in one list. */
export const PROPERTIES_MAX = 64;
/** Sets in lists in sets: each counts. */
export const PROPERTY_NESTING_MAX = 4;

/** @see Sparkplug B 3.0 §6.4.8 PropertySet. @param depth 1 for the set of a metric */
export function readProperties(reader: BinaryReader, depth: number): readonly Property[] {
  checkDepth(depth);
  const keys: string[] = [];
  const values: Omit<Property, "key">[] = [];
  readFields(reader, (field, wire) => {
    if (field === PROPERTY_SET.keys) keys.push(readText(reader, wire));
    else if (field === PROPERTY_SET.values) values.push(readProperty(subReader(reader, wire), depth));
    else return false;
    if (keys.length > PROPERTIES_MAX || values.length > PROPERTIES_MAX) {
      throw new Refused("PAYLOAD_LIMIT", `more than ${PROPERTIES_MAX} properties`);
    }
    return true;
  });
  if (keys.length !== values.length) {
    throw new Refused("PAYLOAD_MALFORMED", `${keys.length} property keys for ${values.length} values`);
  }
  return values.map((value, i) => ({ key: keys[i] ?? "", ...value }));
}

function readProperty(reader: BinaryReader, depth: number): Omit<Property, "key"> {
  let type: number = DataType.Unknown;
  let isNull = false;
  let raw: Scalar | undefined;
  let nested: readonly Property[] | PropertySetList | undefined;
  readFields(reader, (field, wire) => {
    if (field === PROPERTY_VALUE.type) type = readUint32(reader, wire);
    else if (field === PROPERTY_VALUE.isNull) isNull = readBool(reader, wire);
    else if (field === PROPERTY_VALUE.propertysetValue) nested = readProperties(subReader(reader, wire), depth + 1);
    else if (field === PROPERTY_VALUE.propertysetsValue) nested = readList(reader, wire, depth + 1);
    else if (field >= PROPERTY_VALUE.intValue && field <= PROPERTY_VALUE.stringValue) {
      raw = readScalar(reader, wire, field - PROPERTY_VALUE.intValue);
    } else return false;
    return true;
  });
  if (isNull) return { type, value: null };
  return { type, value: nested ?? (raw === undefined ? null : typed(raw, type)) };
}

function readList(outer: BinaryReader, outerWire: WireType, depth: number): PropertySetList {
  checkDepth(depth);
  const reader = subReader(outer, outerWire);
  const sets: (readonly Property[])[] = [];
  readFields(reader, (field, wire) => {
    if (field !== PROPERTY_SET_LIST.propertyset) return false;
    if (sets.length === PROPERTIES_MAX) throw new Refused("PAYLOAD_LIMIT", `more than ${PROPERTIES_MAX} property sets`);
    sets.push(readProperties(subReader(reader, wire), depth + 1));
    return true;
  });
  return { sets };
}

function checkDepth(depth: number): void {
  if (depth > PROPERTY_NESTING_MAX)
    throw new Refused("PAYLOAD_LIMIT", `properties nested over ${PROPERTY_NESTING_MAX}`);
}
