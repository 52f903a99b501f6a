import { WireType } from "@bufbuild/protobuf/wire";
import type { BinaryReader } from "@bufbuild/protobuf/wire";
import { readScalar, typed } from "./decode-value.ts";
import { DATA_SET, DATA_SET_VALUE, ROW } from "./payload.ts";
import type { DataSet, Scalar } from "./payload.ts";
import { readFields, readText, readUint32, readVarint, Refused, subReader } from "./wire-reader.ts";

export const COLUMNS_MAX = 1_024;
/** Elements of all data sets in one payload, each row counting as one more: a row may be empty. */
export const CELLS_MAX = 16_384;

/** What is left of {@link CELLS_MAX}. */
export interface CellBudget {
  cells: number;
}

/**
 * @throws {Refused} where columns, types and rows do not agree in number
 * @see Sparkplug B 3.0 §6.4.11 DataSet
 */
export function readDataSet(reader: BinaryReader, budget: CellBudget): DataSet {
  let declared: bigint | undefined;
  const columns: string[] = [];
  const types: number[] = [];
  const raws: (Scalar | null)[][] = [];
  readFields(reader, (field, wire) => {
    if (field === DATA_SET.numOfColumns) declared = readVarint(reader, wire);
    else if (field === DATA_SET.columns) columns.push(readText(reader, wire));
    else if (field === DATA_SET.types) readTypes(reader, wire, types);
    else if (field === DATA_SET.rows) raws.push(readRow(subReader(reader, wire), budget));
    else return false;
    if (columns.length > COLUMNS_MAX || types.length > COLUMNS_MAX) {
      throw new Refused("PAYLOAD_LIMIT", `a data set of more than ${COLUMNS_MAX} columns`);
    }
    return true;
  });
  const count = columns.length;
  if (types.length !== count || (declared !== undefined && declared !== BigInt(count))) {
    const wanted = declared === undefined ? "" : ` where ${declared} are declared`;
    throw new Refused("PAYLOAD_MALFORMED", `a data set of ${count} columns and ${types.length} types${wanted}`);
  }
  // a row may come before the types that say what its elements are
  const rows = raws.map((row) => {
    if (row.length !== count) throw new Refused("PAYLOAD_MALFORMED", `a row of ${row.length} in ${count} columns`);
    return row.map((raw, i) => (raw === null ? null : typed(raw, types[i] ?? 0)));
  });
  return { kind: "data-set", columns, types, rows };
}

/** One by one, as proto2 writes them, or packed, as proto3 does. */
function readTypes(reader: BinaryReader, wire: WireType, types: number[]): void {
  if (wire !== WireType.LengthDelimited) {
    types.push(readUint32(reader, wire));
    return;
  }
  const packed = subReader(reader, wire);
  while (packed.pos < packed.len && types.length <= COLUMNS_MAX) types.push(readUint32(packed, WireType.Varint));
}

function readRow(reader: BinaryReader, budget: CellBudget): (Scalar | null)[] {
  const row: (Scalar | null)[] = [];
  spend(budget);
  readFields(reader, (field, wire) => {
    if (field !== ROW.elements) return false;
    spend(budget);
    row.push(readElement(subReader(reader, wire)));
    return true;
  });
  return row;
}

function readElement(reader: BinaryReader): Scalar | null {
  let value: Scalar | null = null;
  readFields(reader, (field, wire) => {
    if (field < DATA_SET_VALUE.intValue || field > DATA_SET_VALUE.stringValue) return false;
    value = readScalar(reader, wire, field - DATA_SET_VALUE.intValue);
    return true;
  });
  return value;
}

function spend(budget: CellBudget): void {
  if (budget.cells === 0) throw new Refused("PAYLOAD_LIMIT", `data sets of more than ${CELLS_MAX} elements`);
  budget.cells -= 1;
}
