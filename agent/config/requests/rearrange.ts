import type { Cell } from "./cells.ts";
import type { Span } from "./stretches.ts";

/**
 * The cells of one stretch in at most `requestsMax` requests that together read as little as possible; of two ways that
 * read the same, the one with fewer requests. Exact: every way to cut is weighed, in the number of cells squared.
 * @param cells by address, one or more
 * @param requestsMax so many that it can be done
 */
export function rearrange(cells: readonly Cell[], requestsMax: number, limit: number): readonly Span[] {
  const size = cells.length;
  // least[n]: what the first n cells cost in so many requests; cut[r][n]: where the last of r requests begins
  let least = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY);
  least[0] = 0;
  const cut: Uint16Array[] = [];
  let best = { cost: Number.POSITIVE_INFINITY, requests: 0 };
  for (let requests = 1; requests <= Math.min(requestsMax, size); requests++) {
    const next = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY);
    const from = new Uint16Array(size + 1);
    for (let start = requests - 1; start < size; start++) {
      const before = least[start] as number;
      if (before === Number.POSITIVE_INFINITY) continue;
      const { first } = cells[start] as Cell;
      let end = 0;
      for (let last = start; last < size; last++) {
        const cell = cells[last] as Cell;
        end = Math.max(end, cell.end);
        // a cell that is longer by itself is refused where the file is checked; here it is read alone
        if (end - first > limit && last > start) break;
        const cost = before + end - first;
        if (cost >= (next[last + 1] as number)) continue;
        next[last + 1] = cost;
        from[last + 1] = start;
      }
    }
    cut.push(from);
    least = next;
    if ((least[size] as number) < best.cost) best = { cost: least[size] as number, requests };
  }
  return spansOf(cells, cut, best.requests);
}

function spansOf(cells: readonly Cell[], cut: readonly Uint16Array[], requests: number): readonly Span[] {
  const spans: Span[] = [];
  let to = cells.length;
  for (let request = requests; request > 0; request--) {
    const at = (cut[request - 1] as Uint16Array)[to] as number;
    const own = cells.slice(at, to);
    spans.push({ first: own[0]?.first ?? 0, end: Math.max(...own.map(({ end }) => end)), cells: own });
    to = at;
  }
  return spans.toReversed();
}
