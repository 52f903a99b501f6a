import type { ScalarValue } from "../contract/point.ts";

/** More than a field device measures, and no column wider than needed. Larger integers are shown whole. */
const SIGNIFICANT_DIGITS = 6;

/** One value for people. */
export function formatValue(value: ScalarValue | bigint): string {
  if (value === null) return "-";
  if (typeof value === "number")
    return String(Number.isInteger(value) ? value : Number(value.toPrecision(SIGNIFICANT_DIGITS)));
  return typeof value === "boolean" ? (value ? "on" : "off") : String(value);
}

/** Columns that line up; numbers and words alike to the right, since units stand in the heading. */
export function tableLines(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join("  "));
}
