import { DataType } from "../../uplink/sparkplug/datatype.ts";
import type { DataSet, Metric, Scalar, Template } from "../../uplink/sparkplug/payload.ts";
import { tableLines } from "../format-value.ts";
import { timeText } from "./time-text.ts";
import { visible } from "./visible.ts";

/** Bytes of a value that are shown. */
const BYTES_SHOWN_MAX = 32;
const FLOAT_DIGITS_MAX = 9;

const TYPE_NAMES: ReadonlyMap<number, string> = new Map(Object.entries(DataType).map(([name, type]) => [type, name]));

/** `Int16`; a number nobody gave a name to is shown as it is. */
export function typeName(type: number): string {
  return TYPE_NAMES.get(type) ?? `type ${type}`;
}

/** A value on one line; what has lines of its own is named, and {@link valueLines} gives them. */
export function valueText(value: Metric["value"], type: number | undefined): string {
  if (value === undefined) return "no value";
  if (typeof value === "symbol") return "an extension";
  if (value === null) return "null";
  if (typeof value !== "object" || value instanceof Uint8Array) return scalarText(value, type);
  if (value.kind === "data-set") return `data set of ${value.rows.length} rows`;
  if (value.isDefinition === true) return "template definition";
  return value.ref === undefined ? "template" : `template ${visible(value.ref)}`;
}

/** The rows of a data set or the members of a template; none of anything else. */
export function valueLines(value: Metric["value"]): readonly string[] {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return [];
  return value.kind === "data-set" ? dataSetLines(value) : templateLines(value);
}

function dataSetLines({ columns, types, rows }: DataSet): readonly string[] {
  const heading = columns.map((column, i) => `${visible(column)} (${typeName(types[i] ?? 0)})`);
  const cells = rows.map((row) => row.map((value, i) => (value === null ? "null" : scalarText(value, types[i]))));
  return tableLines([heading, ...cells]);
}

function templateLines({ metrics, parameters = [], isDefinition }: Template): readonly string[] {
  const parameterLines = parameters.map(
    ({ name, type, value }) => `parameter ${visible(name)} (${typeName(type)}) ${valueText(value, type)}`,
  );
  const memberLines = metrics.flatMap(({ name = "", type, value, properties }) => {
    const unit = properties?.find(({ key }) => key === "engUnit")?.value;
    const suffix = typeof unit === "string" ? ` ${visible(unit)}` : "";
    const said = isDefinition === true ? `(${typeName(type ?? 0)})` : valueText(value, type);
    return [`${visible(name)} ${said}${suffix}`, ...valueLines(value).map((line) => `  ${line}`)];
  });
  return [...parameterLines, ...memberLines];
}

function scalarText(value: Scalar, type: number | undefined): string {
  if (typeof value === "string") return `"${visible(value)}"`;
  if (value instanceof Uint8Array) {
    const shown = Buffer.from(value.subarray(0, BYTES_SHOWN_MAX)).toString("hex");
    return `${value.length} bytes ${shown}${value.length > BYTES_SHOWN_MAX ? "…" : ""}`;
  }
  if (type === DataType.DateTime && typeof value === "bigint") return `${timeText(Number(value))} UTC`;
  return typeof value === "number" && type === DataType.Float ? shortFloat(value) : String(value);
}

/** The fewest digits that are this float and no other: 7.3 and not 7.300000190734863. */
function shortFloat(value: number): string {
  for (let digits = 1; digits < FLOAT_DIGITS_MAX; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}
