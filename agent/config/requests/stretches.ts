import type { Cell } from "./cells.ts";

/** What one request reads. */
export interface Span {
  readonly first: number;
  readonly end: number;
  readonly cells: readonly Cell[];
}

interface Range {
  readonly address: number;
  readonly count: number;
}

interface Stretch {
  readonly first: number;
  readonly end: number;
  readonly cells: Cell[];
}

/**
 * Addresses without a hole: declared blocks that have a point in them, cut around what must not be touched, and runs of
 * neighbouring points outside of blocks. All of a stretch may be read, nothing beside it.
 * @param cells by address @param blocks that do not overlap
 */
export function stretchesOf(
  cells: readonly Cell[],
  blocks: readonly Range[],
  untouchable: readonly Range[],
): readonly Span[] {
  const declared = blocks.flatMap((block) => without(block, untouchable)).toSorted((a, b) => a.first - b.first);
  const runs: Stretch[] = [];
  let next = 0;
  for (const cell of cells) {
    while (next < declared.length && (declared[next] as Stretch).end <= cell.first) next++;
    const block = declared[next];
    if (block !== undefined && block.first <= cell.first && cell.end <= block.end) {
      block.cells.push(cell);
      continue;
    }
    const run = runs.at(-1);
    if (run !== undefined && cell.first <= run.end) {
      runs[runs.length - 1] = { ...run, end: Math.max(run.end, cell.end) };
      run.cells.push(cell);
    } else runs.push({ first: cell.first, end: cell.end, cells: [cell] });
  }
  return [...declared.filter((block) => block.cells.length > 0), ...runs].toSorted((a, b) => a.first - b.first);
}

/** What is left of a block once everything that must not be touched is taken out of it. */
function without(block: Range, untouchable: readonly Range[]): readonly Stretch[] {
  const parts: Stretch[] = [];
  let first = block.address;
  const end = block.address + block.count;
  for (const { address, count } of untouchable.toSorted((a, b) => a.address - b.address)) {
    if (address + count <= first || address >= end) continue;
    if (address > first) parts.push({ first, end: address, cells: [] });
    first = address + count;
  }
  if (first < end) parts.push({ first, end, cells: [] });
  return parts;
}

/**
 * A stretch as its declaration says, in requests of at most `limit`: one after the other from its beginning, each as
 * long as it may be without cutting a cell in two. Those that no point is in are left out.
 */
export function chunks(stretch: Span, limit: number): readonly Span[] {
  const { cells } = stretch;
  const spans: Span[] = [];
  let first = stretch.first;
  for (let at = 0; at < cells.length;) {
    const cell = cells[at] as Cell;
    // requests that would read nothing anybody asked for
    while (cell.end > first + limit && first < cell.first) first = Math.min(first + limit, cell.first);
    if (first > cell.first) first = cell.first;
    let to = at + 1;
    let end = cell.end;
    while (to < cells.length && (cells[to] as Cell).end <= first + limit)
      end = Math.max(end, (cells[to++] as Cell).end);
    end = Math.max(end, Math.min(first + limit, cells[to]?.first ?? stretch.end));
    spans.push({ first, end, cells: cells.slice(at, to) });
    first = end;
    at = to;
  }
  return spans;
}
