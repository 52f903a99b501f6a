import { isBitTable } from "../point-size.ts";
import type { DeviceSnapshot, PointSnapshot } from "../snapshot.ts";

export interface PlannedRequest {
  readonly pollMs: number;
  /** of data in the reply */
  readonly bytes: number;
}

/**
 * The fewest requests with which one device can be polled: a lower bound, since it serves to refuse. Points that share
 * their registers are read once, neighbours together where the device allows it.
 */
export function leastRequests(device: DeviceSnapshot): readonly PlannedRequest[] {
  const groups = Map.groupBy(device.points, (point) => `${point.table} ${point.pollMs}`);
  return [...groups.values()].flatMap((points) => groupRequests(points, device));
}

function groupRequests(points: readonly PointSnapshot[], device: DeviceSnapshot): readonly PlannedRequest[] {
  const [sample] = points;
  if (sample === undefined) return [];
  const { merge } = device;
  const countMax = isBitTable(sample.table) ? merge?.bitsMax : merge?.registersMax;
  const requests: { first: number; end: number }[] = [];
  for (const point of points.toSorted((a, b) => a.address - b.address || b.count - a.count)) {
    const last = requests.at(-1);
    const end = point.address + point.count;
    const inside = last !== undefined && end <= last.end;
    const bridged =
      last !== undefined &&
      merge !== undefined &&
      countMax !== undefined &&
      point.address - last.end <= merge.gapMax &&
      end - last.first <= countMax;
    if (last === undefined || (!inside && !bridged)) requests.push({ first: point.address, end });
    else last.end = Math.max(last.end, end);
  }
  return requests.map(({ first, end }) => ({
    pollMs: sample.pollMs,
    bytes: dataBytes({ table: sample.table, count: end - first }),
  }));
}

/** Bytes of data in a reply. */
function dataBytes(range: Pick<PointSnapshot, "table" | "count">): number {
  return isBitTable(range.table) ? Math.ceil(range.count / 8) : range.count * 2;
}
