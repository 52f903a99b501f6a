import type { ScalarValue } from "../contract/point.ts";
import type { PointStatus } from "../contract/status.ts";
import { formatValue, tableLines } from "./format-value.ts";
import type { Paint } from "./paint.ts";
import type { Say } from "./words/phrase.ts";
import { STATUS } from "./words/status-words.ts";

/** Left margin of points below their device. */
export const INDENT = 4;
/** spaces and the output mark of one cell, and the space to the next */
const CELL_GAPS = 9;
const QUALITY_COLOURS = { good: "green", uncertain: "yellow", stale: "red", bad: "red" } as const;
/** A load curve may have a hundred; a screen has room for the shape of it. */
const ROWS_SHOWN_MAX = 8;

/** Points of one device for people: single values in columns, below them each record with its members. */
export function pointLines(points: readonly PointStatus[], columns: number, say: Say, paint: Paint): readonly string[] {
  return [
    ...scalarRows(
      points.filter(({ members }) => members === undefined),
      columns,
      paint,
    ),
    ...points.flatMap((point) => recordLines(point, say, paint)),
  ];
}

/** As many points beside each other as the width has room for, in columns that line up. */
function scalarRows(points: readonly PointStatus[], columns: number, paint: Paint): readonly string[] {
  const cells = points.map((point) => ({
    name: point.name,
    output: point.output === true ? "out" : "   ",
    value: withUnit(Array.isArray(point.value) ? null : point.value, point.unit),
    quality: qualityText(point),
    colour: QUALITY_COLOURS[point.quality],
  }));
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));
  const name = widest(cells.map((cell) => cell.name));
  const value = widest(cells.map((cell) => cell.value));
  const quality = widest(cells.map((cell) => cell.quality));
  const across = Math.max(1, Math.floor((columns - INDENT) / (name + value + quality + CELL_GAPS)));
  const drawn = cells.map(
    (cell) =>
      `${cell.name.padEnd(name)} ${cell.output} ${cell.value.padStart(value)} ${paint(cell.colour, cell.quality.padEnd(quality))}`,
  );
  const rows: string[] = [];
  for (let i = 0; i < drawn.length; i += across) {
    rows.push(`${" ".repeat(INDENT)}${drawn.slice(i, i + across).join("   ")}`.trimEnd());
  }
  return rows;
}

function recordLines(point: PointStatus, say: Say, paint: Paint): readonly string[] {
  const { members } = point;
  if (members === undefined) return [];
  const margin = " ".repeat(INDENT);
  const head = `${margin}${point.name} ${paint(QUALITY_COLOURS[point.quality], qualityText(point))}`;
  const values = Array.isArray(point.value) ? point.value : [];
  if (values.length <= members.length) {
    const said = members.map(({ name, unit }, m) => `${name} ${withUnit(values[m] ?? null, unit)}`);
    return [`${head}  ${said.join("  ")}`];
  }
  const heading = members.map(({ name, unit }) => (unit === undefined ? name : `${name} ${unit}`));
  const rows = Array.from({ length: values.length / members.length }, (_, r) =>
    values.slice(r * members.length, (r + 1) * members.length).map((value) => formatValue(value)),
  );
  const left = rows.length - ROWS_SHOWN_MAX;
  const more = left > 0 ? [`${margin}  ${paint("dim", say(STATUS.moreRows, { count: left }))}`] : [];
  const table = tableLines([heading, ...rows.slice(0, ROWS_SHOWN_MAX)]);
  return [head, ...table.map((line) => `${margin}  ${line}`), ...more];
}

function withUnit(value: ScalarValue, unit: string | undefined): string {
  return unit === undefined ? formatValue(value) : `${formatValue(value)} ${unit}`;
}

function qualityText({ quality, reason }: PointStatus): string {
  return quality === "good" ? "good" : `${quality}: ${reason}`;
}
