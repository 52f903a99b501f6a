import type { Path } from "../findings.ts";
import type { Inquiry } from "./inquiry.ts";

interface Limits {
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/** A range is not empty. @param limits scaled; either may be missing */
export function checkRange(limits: Limits, path: Path, inquiry: Inquiry): void {
  const { low, high } = limits;
  if (low === undefined || high === undefined || low < high) return;
  const message = `low is ${low} and high is ${high}: low must be below high`;
  const hint = low === high ? "write a higher `high`" : `exchange them: \`low: ${high}\` and \`high: ${low}\``;
  inquiry.say("CONFIG_RANGE_ORDER", [...path, "high"], message, hint);
}
