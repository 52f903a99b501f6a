import type { PointSnapshot } from "../../config/snapshot.ts";
import { QUALITIES } from "../../contract/point.ts";
import type { PointValue } from "../../contract/point.ts";
import { recordChanged, recordReader } from "./record.ts";
import { changed, scalarReader } from "./scalar.ts";
import type { Read } from "./scalar.ts";

/** Whether a change is worth reporting. */
export type Changed = (before: PointValue, after: PointValue) => boolean;

/** How to turn what is on the wire into one point's value and quality. */
export function reader(point: PointSnapshot): Read {
  return point.type === "record" ? recordReader(point) : scalarReader(point);
}

export function changeDetector(point: PointSnapshot): Changed {
  if (point.type === "record") return recordChanged(point.members.map(({ deadband }) => deadband));
  const { deadband } = point;
  return (before, after) => changed(before, after, deadband);
}

/** By quality: whether the reading was no value, or a record that lacks one. */
export const INVALID: readonly boolean[] = QUALITIES.map(
  ({ reason }) => reason === "not-a-number" || reason === "not-text",
);
