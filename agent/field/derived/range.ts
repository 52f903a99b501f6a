import { qualityCode } from "../../contract/point.ts";
import type { ScalarValue } from "../../contract/point.ts";

const OK = qualityCode("ok");
const ABOVE = qualityCode("above-range");
const BELOW = qualityCode("below-range");

/** A good number outside its engineering range is uncertain; what was wrong before stays as it was. */
export function withinRange({
  low = -Infinity,
  high = Infinity,
}: {
  readonly low?: number;
  readonly high?: number;
}): (value: ScalarValue, quality: number) => number {
  return (value, quality) => {
    if (quality !== OK || typeof value !== "number") return quality;
    return value > high ? ABOVE : value < low ? BELOW : OK;
  };
}
