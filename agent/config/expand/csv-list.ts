import { Pair, YAMLMap, YAMLSeq } from "yaml";
import type { Scalar } from "yaml";
import type { FindingSink, Path } from "../findings.ts";
import { quote } from "../quote.ts";
import type { Shape } from "../schema/shape.ts";
import { parseCsv } from "./csv.ts";
import type { Cell, Row } from "./csv.ts";
import { COLUMNS_MAX, ROWS_MAX } from "./limits.ts";
import { mapAt, scalarAt } from "./nodes.ts";

/** A table that was read, its entries at offsets of its own text. */
export interface CsvList {
  readonly list: YAMLSeq;
  readonly cellAt: (offset: number) => string | undefined;
}

/**
 * A table as a list of mappings: the first row has the keys, `output.low` for a key below another, and each further row is an
 * entry. An empty cell gives its key no value at all.
 * @param item what an entry is to be, so that `12` becomes text where text is wanted: a cell has no quotes to say so
 */
export function csvList(text: string, item: Shape | undefined, path: Path, findings: FindingSink): CsvList {
  const { rows, fault } = parseCsv(text);
  const list = new YAMLSeq();
  const nothing = { list, cellAt: () => undefined };
  const refuse = (offset: number, message: string, hint: string): typeof nothing => {
    findings.add("CONFIG_CSV", offset, path, message, hint);
    return nothing;
  };
  if (fault !== undefined) return refuse(fault.offset, fault.message, fault.hint);
  const [top, ...entries] = rows;
  const header = top?.cells ?? [];
  if (top === undefined) return refuse(-1, "the table is empty", "begin with a row that has the keys of a point");
  const cellAt = (offset: number): string | undefined => cellName(rows, header, offset);
  if (header.length > COLUMNS_MAX)
    return refuse(-1, `the table has ${header.length} columns, at most ${COLUMNS_MAX} are read`, "delete the others");
  if (entries.length > ROWS_MAX)
    return refuse(-1, `the table has ${entries.length} rows, at most ${ROWS_MAX} are read`, "divide it");
  const seen = new Set<string>();
  for (const { text: key, offset } of header) {
    if (key === "") return refuse(offset, "this column has no key in the first row", "write its key, or delete it");
    if (seen.has(key)) {
      findings.add("CONFIG_KEY_DUPLICATE", offset, path, `two columns have the key ${quote(key)}`, "keep one of them");
      return nothing;
    }
    seen.add(key);
  }
  const columns = header.map(({ text: key, offset }) => ({ steps: key.split("."), offset, shape: shapeAt(item, key) }));
  for (const { cells } of entries) {
    const [first] = cells;
    if (cells.length !== header.length) {
      const extra = cells[header.length] ?? cells.at(-1);
      const message = `this row has ${cells.length} cells, the first row has ${header.length}`;
      const hint = "give it as many; text with the delimiter in it stands in quotes";
      findings.add("CONFIG_CSV", extra?.offset ?? 0, path, message, hint);
      continue;
    }
    const entry = mapAt([], [first.offset, first.offset]);
    for (const [index, { steps, offset, shape }] of columns.entries()) {
      const cell = cells[index];
      if (cell === undefined || cell.text === "") continue;
      put(entry, steps, offset, cellScalar(cell, shape));
    }
    list.items.push(entry);
  }
  return { list, cellAt };
}

function shapeAt(item: Shape | undefined, key: string): Shape | undefined {
  let at = item;
  for (const step of key.split(".")) at = at?.properties?.[step];
  return at;
}

function put(entry: YAMLMap, steps: readonly string[], offset: number, value: Scalar): void {
  let at = entry;
  for (const step of steps.slice(0, -1)) {
    const inner = at.get(step, true) as unknown;
    if (inner instanceof YAMLMap) {
      at = inner;
      continue;
    }
    const below = mapAt([], [offset, offset]);
    at.items.push(new Pair(scalarAt(step, undefined, [offset, offset]), below));
    at = below;
  }
  at.items.push(new Pair(scalarAt(steps.at(-1) ?? "", undefined, [offset, offset]), value));
}

const INTEGER = /^[-+]?[0-9]+$|^0o[0-7]+$|^0x[0-9a-fA-F]+$/u;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/u;

/** What a cell says, as YAML's core schema reads plain text. @see YAML 1.2.2 §10.3.2 */
function cellScalar({ text, offset, end, quoted }: Cell, shape: Shape | undefined): Scalar {
  const type = quoted ? "QUOTE_DOUBLE" : "PLAIN";
  return scalarAt(shape?.type === "string" ? text : plainValue(text), text, [offset, end], type);
}

function plainValue(text: string): string | number | boolean {
  if (INTEGER.test(text) || FLOAT.test(text)) return Number(text);
  if (/^(?:true|True|TRUE)$/u.test(text)) return true;
  if (/^(?:false|False|FALSE)$/u.test(text)) return false;
  const [, sign, infinite] = /^([-+]?)(\.inf|\.Inf|\.INF)$/u.exec(text) ?? [];
  return infinite === undefined ? text : sign === "-" ? -Infinity : Infinity;
}

/** `row 4711, column 6 "scale"`: what a person looks for in a spreadsheet, which has no offsets. */
function cellName(rows: readonly Row[], header: readonly Cell[], offset: number): string | undefined {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((rows[middle]?.cells[0].offset ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const row = rows[low];
  const column = row?.cells.findLastIndex((cell) => cell.offset <= offset) ?? -1;
  if (row === undefined || column < 0) return undefined;
  return `row ${row.number}, column ${column + 1} ${quote(header[column]?.text ?? "")}`;
}
