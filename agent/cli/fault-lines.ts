import type { Fault } from "../contract/fault.ts";
import type { Paint } from "./paint.ts";

/** What is wrong now; once it is over, what it was and when, since somebody may look for it a day later. */
export function faultLines(fault: Fault | undefined, lasts: boolean, indent: number, paint: Paint): readonly string[] {
  if (fault === undefined) return [];
  const margin = " ".repeat(indent);
  if (lasts) return [`${margin}${paint("red", fault.code)} ${fault.message}`];
  return [`${margin}${paint("dim", `last fault ${fault.code} ${fault.message}, ${timeText(fault.timeMs)}`)}`];
}

/** A clock that nobody set may stand anywhere, even where there is no date. */
function timeText(unixMs: number): string {
  const date = new Date(unixMs);
  return Number.isNaN(date.getTime())
    ? "at an unknown time"
    : `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
