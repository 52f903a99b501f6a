import type { Phrase } from "./phrase.ts";

/** What a code means to a technician, and what to do about it, the likeliest first. */
export interface Cause {
  readonly title: Phrase;
  readonly steps: readonly Phrase[];
}
