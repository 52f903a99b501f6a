import type { DeviceSnapshot, PointSnapshot, RequestRules, Table } from "../snapshot.ts";
import { cellsOf } from "./cells.ts";
import type { Cell } from "./cells.ts";
import { joinAcrossGaps } from "./max-insert.ts";
import { rearrange } from "./rearrange.ts";
import { chunks, stretchesOf } from "./stretches.ts";
import type { Span } from "./stretches.ts";

/** Function codes that read one of the four tables. */
export type ReadFunction = 1 | 2 | 3 | 4;

/** Addresses are as on the wire, from 0. */
export interface ReadRequest {
  readonly function: ReadFunction;
  readonly unit: number;
  readonly address: number;
  readonly count: number;
}

/** One request that reads some of a device's points again and again. */
export interface PollPlan {
  readonly request: ReadRequest;
  readonly periodMs: number;
  readonly points: readonly PlannedPoint[];
  /** reading changes what is read: once in each period and never otherwise */
  readonly clearOnRead?: true;
}

export interface PlannedPoint {
  /** in the device's list of points */
  readonly index: number;
  /** registers, or bits, from the start of the reply */
  readonly offset: number;
}

export const READ_FUNCTION = {
  coil: 1,
  "discrete-input": 2,
  "holding-register": 3,
  "input-register": 4,
} as const satisfies Record<Table, ReadFunction>;

/** What holds for a device that says nothing about it. */
const NEIGHBOURS: RequestRules = {
  optimise: "none",
  insertMax: 0,
  onePerPoint: false,
  registersMax: 125,
  bitsMax: 2_000,
  coilsFromZero: false,
  blocks: [],
};

/**
 * The requests that read a device: the compiler judges the same ones that `field` sends. Every point is in exactly one;
 * a request never leaves its table or wraps around its end, and what clears on read is always alone in one.
 */
export function planPolls(device: Pick<DeviceSnapshot, "unit" | "points" | "requests">): readonly PollPlan[] {
  const rules = device.requests ?? NEIGHBOURS;
  const clearing = device.points.filter((point) => point.clearOnRead === true);
  const groups = Map.groupBy(device.points.entries(), ([, { table, pollMs }]) => `${table} ${pollMs}`);
  return [...groups.values()].flatMap((group) => {
    const [, { table, pollMs: periodMs }] = group[0] as [number, PointSnapshot];
    const cells = cellsOf(group.filter(([, point]) => point.clearOnRead !== true));
    const alone = cellsOf(group.filter(([, point]) => point.clearOnRead === true));
    const untouchable = clearing.filter((point) => point.table === table);
    const plan = (span: Span): PollPlan => ({
      request: { function: READ_FUNCTION[table], unit: device.unit, address: span.first, count: span.end - span.first },
      periodMs,
      points: span.cells.flatMap(({ first, indices }) =>
        indices.map((index) => ({ index, offset: first - span.first })),
      ),
    });
    return [
      ...spansOf(table, cells, untouchable, rules).map(plan),
      ...alone.map((cell) => ({ ...plan(spanOf(cell)), clearOnRead: true as const })),
    ];
  });
}

function spansOf(
  table: Table,
  cells: readonly Cell[],
  untouchable: readonly PointSnapshot[],
  rules: RequestRules,
): readonly Span[] {
  const limit = isBits(table) ? rules.bitsMax : rules.registersMax;
  if (rules.coilsFromZero && table === "coil") return fromZero(cells, rules.onePerPoint);
  if (rules.onePerPoint) return cells.map(spanOf);
  if (rules.optimise === "max-insert") return joinAcrossGaps(cells, untouchable, rules.insertMax, limit);
  const blocks = rules.blocks.filter((block) => block.table === table);
  return stretchesOf(cells, blocks, untouchable).flatMap((stretch) => {
    const asDeclared = chunks(stretch, limit);
    if (rules.optimise === "none") return asDeclared;
    const shrunk = asDeclared.map((span) => tight(span.cells));
    return rules.optimise === "shrink" ? shrunk : rearrange(stretch.cells, shrunk.length, limit);
  });
}

function fromZero(cells: readonly Cell[], each: boolean): readonly Span[] {
  const parts = each ? cells.map((cell) => [cell]) : [cells].filter(({ length }) => length > 0);
  return parts.map((part) => ({ ...tight(part), first: 0 }));
}

function spanOf(cell: Cell): Span {
  return { first: cell.first, end: cell.end, cells: [cell] };
}

/** @param cells at least one */
function tight(cells: readonly Cell[]): Span {
  return { first: cells[0]?.first ?? 0, end: Math.max(...cells.map(({ end }) => end)), cells };
}

function isBits(table: Table): boolean {
  return table === "coil" || table === "discrete-input";
}

/** Bytes of data in the reply: what makes one request cheaper than another on a serial line. */
export function replyBytes(request: ReadRequest): number {
  return request.function <= 2 ? Math.ceil(request.count / 8) : 2 * request.count;
}
