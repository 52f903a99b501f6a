import { verdict } from "./bench-case.ts";
import type { Figure } from "./bench-case.ts";

export interface CaseResult {
  readonly name: string;
  readonly figures: readonly Figure[];
  /** why there are none */
  readonly failed?: string;
}

const HEADINGS = ["case", "figure", "value", "target", "verdict", "yardstick"] as const;

/** All cases as one table for people. */
export function table(results: readonly CaseResult[]): string {
  const rows = [
    HEADINGS as readonly string[],
    ...results.flatMap(({ name, figures, failed }) => [
      ...(failed === undefined ? [] : [[name, "did not finish", failed, "", "MISS", ""]]),
      ...figures.map((figure) => row(name, figure)),
    ]),
  ];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function row(name: string, figure: Figure): readonly string[] {
  const { atMost, atLeast, yardstick, unit } = figure;
  const bars = [
    ...(atMost === undefined ? [] : [`<= ${shown(atMost)} ${unit}`]),
    ...(atLeast === undefined ? [] : [`>= ${shown(atLeast)} ${unit}`]),
  ];
  const measured = yardstick === undefined ? "" : `${yardstick.name}: ${shown(yardstick.value)}`;
  return [name, figure.name, `${shown(figure.value)} ${unit}`, bars.join(", "), verdict(figure), measured];
}

/** Four significant digits, and whole numbers whole. */
export function shown(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 10_000) return value.toFixed(0);
  return String(Number(value.toPrecision(4)));
}

export function missed(results: readonly CaseResult[]): boolean {
  return results.some(({ figures, failed }) => failed !== undefined || figures.some((one) => verdict(one) === "MISS"));
}
