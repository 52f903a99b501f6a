import type { DeviceSnapshot, MergeLimits, PointSnapshot, Table } from "../../config/snapshot.ts";
import type { ReadFunction, Request } from "../bus/request.ts";

export type ReadRequest = Extract<Request, { readonly function: ReadFunction }>;

/** One request that reads some of a device's points again and again. */
export interface PollPlan {
  readonly request: ReadRequest;
  readonly periodMs: number;
  readonly points: readonly PlannedPoint[];
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

/**
 * The requests that read a device. Points of the same registers share one; neighbours are merged only as far as `merge`
 * allows, and a request never leaves its table or wraps around its end.
 */
export function planPolls(device: Pick<DeviceSnapshot, "unit" | "points" | "merge">): readonly PollPlan[] {
  const groups = new Map<string, number[]>();
  device.points.forEach((point, index) => {
    const key = `${point.table} ${point.pollMs}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [index]);
    else group.push(index);
  });
  const plans: PollPlan[] = [];
  for (const group of groups.values()) {
    const points = group.map((index) => ({ index, point: device.points[index] as PointSnapshot }));
    points.sort((a, b) => a.point.address - b.point.address || a.point.count - b.point.count);
    for (const span of spansOf(points, device.merge)) plans.push(planSpan(device.unit, span));
  }
  return plans;
}

interface Span {
  readonly first: number;
  end: number;
  readonly points: { readonly index: number; readonly point: PointSnapshot }[];
}

/** @param points of one table and period, by address */
function spansOf(points: Span["points"], merge: MergeLimits | undefined): readonly Span[] {
  const spans: Span[] = [];
  for (const entry of points) {
    const first = entry.point.address;
    const end = first + entry.point.count;
    const span = spans.at(-1);
    if (span !== undefined && mayJoin(span, entry.point, merge)) {
      span.end = Math.max(span.end, end);
      span.points.push(entry);
    } else spans.push({ first, end, points: [entry] });
  }
  return spans;
}

function mayJoin(span: Span, point: PointSnapshot, merge: MergeLimits | undefined): boolean {
  const end = point.address + point.count;
  if (point.address === span.first && end === span.end) return true;
  if (merge === undefined) return false;
  const bits = point.table === "coil" || point.table === "discrete-input";
  const longest = bits ? merge.bitsMax : merge.registersMax;
  return point.address - span.end <= merge.gapMax && Math.max(end, span.end) - span.first <= longest;
}

function planSpan(unit: number, span: Span): PollPlan {
  const { table, pollMs } = (span.points[0] as Span["points"][number]).point;
  return {
    request: { function: READ_FUNCTION[table], unit, address: span.first, count: span.end - span.first },
    periodMs: pollMs,
    points: span.points.map(({ index, point }) => ({ index, offset: point.address - span.first })),
  };
}

/** Bytes of data in the reply: what makes one request cheaper than another on a serial line. */
export function replyBytes(request: ReadRequest): number {
  return request.function <= 2 ? Math.ceil(request.count / 8) : 2 * request.count;
}
