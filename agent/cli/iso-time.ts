import type { Say } from "./words/phrase.ts";
import { STATUS } from "./words/status-words.ts";

/** `2026-11-22T03:14:07Z`. A clock that nobody set may stand anywhere, even where there is no date. */
export function isoTime(unixMs: number, say: Say): string {
  const date = new Date(unixMs);
  return Number.isNaN(date.getTime()) ? say(STATUS.unknownTime) : `${date.toISOString().slice(0, 19)}Z`;
}
