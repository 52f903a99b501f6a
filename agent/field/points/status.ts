import { QUALITIES } from "../../contract/point.ts";
import type { PointStatus } from "../../contract/status.ts";
import type { PointFacts, PointState } from "./source.ts";

/** A point as `holdfast status` shows it. */
export function pointStatus(point: PointState): PointStatus {
  const { facts } = point;
  const { quality, reason } = QUALITIES[point.quality] as (typeof QUALITIES)[number];
  return {
    name: facts.name,
    type: facts.type,
    ...(facts.record === undefined ? unitAndOutput(facts) : membersOf(facts.record)),
    value: point.value,
    quality,
    reason,
    timeMs: point.timeMs,
    sequence: point.sequence,
  };
}

function unitAndOutput({ unit, output }: PointFacts): Pick<PointStatus, "unit" | "output"> {
  return { ...(unit === undefined ? {} : { unit }), ...(output ? { output: true } : {}) };
}

function membersOf({ members }: NonNullable<PointFacts["record"]>): Pick<PointStatus, "members"> {
  return { members: members.map(({ name, unit }) => ({ name, ...(unit === undefined ? {} : { unit }) })) };
}
