import { QUALITIES } from "../../../contract/point.ts";
import type { PointState } from "../../points/source.ts";

const USABLE: readonly boolean[] = QUALITIES.map(({ quality }) => quality === "good" || quality === "uncertain");

/**
 * Whether a point has a value that an alarm may be judged by. One that is uncertain is: a level beyond its engineering
 * range is the last that should keep an alarm silent.
 */
export function usable(point: PointState | undefined): point is PointState {
  return point !== undefined && point.value !== null && USABLE[point.quality] === true;
}

/** The number that a point has; undefined where it has none, NaN never. */
export function numberOf(point: PointState | undefined): number | undefined {
  if (!usable(point)) return undefined;
  const { value, facts } = point;
  if (typeof value === "number") return value;
  return typeof value === "string" && (facts.type === "int64" || facts.type === "uint64") ? Number(value) : undefined;
}

/** `well/level is 2.7 m (above-range)`; of a value that is over, that it was: nobody must take it for the present one. */
export function said(ref: string, point: PointState | undefined): string {
  if (point === undefined) return `${ref} does not exist`;
  const { value, quality, facts } = point;
  const { reason } = QUALITIES[quality] ?? { reason: "never-read" };
  if (value === null || typeof value === "object") return `${ref} has no value (${reason})`;
  const shown = typeof value === "number" ? String(Number(value.toPrecision(DIGITS))) : JSON.stringify(value);
  const unit = facts.unit === undefined ? "" : ` ${facts.unit}`;
  if (!usable(point)) return `${ref} has no value (${reason}); the last was ${shown}${unit}`;
  return `${ref} is ${shown}${unit}${reason === "ok" ? "" : ` (${reason})`}`;
}

/** As many as any field instrument means. */
const DIGITS = 7;
