import type { Cell } from "./cells.ts";
import type { Span } from "./stretches.ts";

/**
 * As few requests as there can be if gaps of up to `insertMax` are read along: whatever may be read together may be
 * read in parts, so that taking each as far as it goes is the best there is.
 * @param cells by address @param untouchable what no request may touch
 */
export function joinAcrossGaps(
  cells: readonly Cell[],
  untouchable: readonly { readonly address: number; readonly count: number }[],
  insertMax: number,
  limit: number,
): readonly Span[] {
  const spans: { first: number; end: number; cells: Cell[] }[] = [];
  for (const cell of cells) {
    const span = spans.at(-1);
    const joins =
      span !== undefined &&
      cell.first - span.end <= insertMax &&
      Math.max(cell.end, span.end) - span.first <= limit &&
      !untouchable.some(({ address, count }) => address < cell.first && address + count > span.end);
    if (!joins) spans.push({ first: cell.first, end: cell.end, cells: [cell] });
    else {
      span.end = Math.max(span.end, cell.end);
      span.cells.push(cell);
    }
  }
  return spans;
}
