import type { AlarmCondition } from "../../../config/snapshot/logic.ts";
import type { PointState } from "../../points/source.ts";
import type { Condition } from "./condition.ts";
import { numberOf, said } from "./usable.ts";

/** Beyond a limit; over only once it is back by the hysteresis, so that a value at the limit does not ring. */
export function limitCondition(
  { kind, point: ref, limit, hysteresis }: AlarmCondition & { readonly kind: "high" | "low" },
  point: PointState | undefined,
  active: boolean,
): Condition {
  const way = kind === "high" ? 1 : -1;
  let beyond = active;
  return {
    holds() {
      const value = numberOf(point);
      if (value === undefined) return undefined;
      const over = way * (value - limit);
      beyond = beyond ? over > -hysteresis : over > 0;
      return beyond;
    },
    evidence: () =>
      `${said(ref, point)}, ${kind} limit ${limit}${hysteresis === 0 ? "" : `, hysteresis ${hysteresis}`}`,
  };
}
