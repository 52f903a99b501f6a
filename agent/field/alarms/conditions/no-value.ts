import type { AlarmCondition } from "../../../config/snapshot/logic.ts";
import { qualityCode } from "../../../contract/point.ts";
import type { PointState } from "../../points/source.ts";
import type { Condition } from "./condition.ts";
import { said, usable } from "./usable.ts";

/** After a start every point is without a value until it has been read: so long that is no news. */
export const GRACE_MS = 30_000;
const NEVER_READ = qualityCode("never-read");

/** There is no usable value, or none that is not too old. */
export function noValueCondition(
  { point: ref }: AlarmCondition & { readonly kind: "no-value" },
  point: PointState | undefined,
  watchedMs: number,
): Condition {
  return {
    holds(nowMs) {
      if (point?.quality === NEVER_READ && nowMs - watchedMs < GRACE_MS) return undefined;
      return !usable(point);
    },
    evidence: () => said(ref, point),
  };
}
