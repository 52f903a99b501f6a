import type { Fault } from "../contract/fault.ts";
import type { Paint } from "./paint.ts";
import type { Say } from "./words/phrase.ts";
import { STATUS } from "./words/status-words.ts";

/** What is wrong now; once it is over, what it was and when, since somebody may look for it a day later. */
export function faultLines(
  fault: Fault | undefined,
  lasts: boolean,
  indent: number,
  say: Say,
  paint: Paint,
): readonly string[] {
  if (fault === undefined) return [];
  const margin = " ".repeat(indent);
  if (lasts) return [`${margin}${paint("red", fault.code)} ${fault.message}`];
  const facts = { code: fault.code, message: fault.message, time: timeText(fault.timeMs, say) };
  return [`${margin}${paint("dim", say(STATUS.lastFault, facts))}`];
}

/** A clock that nobody set may stand anywhere, even where there is no date. */
export function timeText(unixMs: number, say: Say): string {
  const date = new Date(unixMs);
  return Number.isNaN(date.getTime())
    ? say(STATUS.unknownTime)
    : `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
