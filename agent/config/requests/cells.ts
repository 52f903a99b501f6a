import type { PointSnapshot } from "../snapshot.ts";

/** Registers, or bits, that are only of use together, and the points that they are. */
export interface Cell {
  readonly first: number;
  /** the address after its last */
  readonly end: number;
  /** in the device's list of points */
  readonly indices: readonly number[];
}

/** Points of the very same registers become one cell: bits of a register are read with it once. By address. */
export function cellsOf(points: Iterable<readonly [number, PointSnapshot]>): readonly Cell[] {
  const cells = new Map<string, { first: number; end: number; indices: number[] }>();
  for (const [index, { address, count }] of points) {
    const key = `${address} ${count}`;
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, { first: address, end: address + count, indices: [index] });
    else cell.indices.push(index);
  }
  return [...cells.values()].toSorted((a, b) => a.first - b.first || a.end - b.end);
}
