import type { AlarmCondition } from "../../../config/snapshot/logic.ts";
import type { PointValue } from "../../../contract/point.ts";
import type { PointState } from "../../points/source.ts";
import type { Condition } from "./condition.ts";
import { numberOf, said, usable } from "./usable.ts";

/**
 * Good all the time, and no further than the dead-band from where it was: a sensor that is stuck, or a transmitter that
 * sends its last value for ever. Time without a usable value does not count.
 */
export function unchangedCondition(
  { point: ref, forMs, deadband }: AlarmCondition & { readonly kind: "unchanged" },
  point: PointState | undefined,
  active: boolean,
): Condition {
  let anchor: PointValue = null;
  let stillMs = active ? forMs : 0;
  let lookedMs: number | undefined;
  return {
    holds(nowMs) {
      if (!usable(point)) {
        lookedMs = undefined;
        return undefined;
      }
      if (anchor === null) anchor = point.value;
      else if (moved(anchor, point, deadband)) {
        anchor = point.value;
        stillMs = 0;
      } else if (lookedMs !== undefined) stillMs += nowMs - lookedMs;
      lookedMs = nowMs;
      return stillMs >= forMs;
    },
    evidence: () => `${said(ref, point)} and has not moved for ${Math.round(stillMs / 1_000)} s`,
  };
}

function moved(anchor: PointValue, point: PointState, deadband: number): boolean {
  const value = numberOf(point);
  if (value === undefined) return anchor !== point.value;
  return Math.abs(value - Number(anchor)) > deadband;
}
