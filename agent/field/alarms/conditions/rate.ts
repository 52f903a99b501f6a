import type { AlarmCondition } from "../../../config/snapshot/logic.ts";
import type { PointState } from "../../points/source.ts";
import type { Condition } from "./condition.ts";
import { numberOf, said } from "./usable.ts";

/** Values kept of one window: finer than the eye sees on a trend, and bounded however fast the point is read. */
const SAMPLES_MAX = 16;

/**
 * Faster than so much in a second, either way, from the value a window ago to the present one. Not known until a window
 * has been seen without a break.
 */
export function rateCondition(
  { point: ref, perSecondMax, windowMs, hysteresis }: AlarmCondition & { readonly kind: "rate" },
  point: PointState | undefined,
  active: boolean,
): Condition {
  let samples: { readonly atMs: number; readonly value: number }[] = [];
  let fast = active;
  let perSecond: number | undefined;

  const look = (value: number, atMs: number): void => {
    while (samples[1] !== undefined && atMs - samples[1].atMs >= windowMs) samples.shift();
    const [oldest] = samples;
    const spanMs = oldest === undefined ? 0 : atMs - oldest.atMs;
    perSecond = oldest === undefined || spanMs < windowMs ? undefined : (1_000 * (value - oldest.value)) / spanMs;
    const latest = samples.at(-1);
    if (latest === undefined || atMs - latest.atMs >= windowMs / SAMPLES_MAX) samples.push({ atMs, value });
  };

  return {
    holds() {
      const value = numberOf(point);
      if (value === undefined || point === undefined) {
        samples = [];
        perSecond = undefined;
        return undefined;
      }
      look(value, point.takenAtMs);
      if (perSecond === undefined) return undefined;
      fast = Math.abs(perSecond) > (fast ? perSecondMax - hysteresis : perSecondMax);
      return fast;
    },
    evidence: () =>
      `${said(ref, point)} and changes by ${perSecond === undefined ? "an unknown amount" : Number(perSecond.toPrecision(4))} in a second, limit ${perSecondMax}`,
  };
}
