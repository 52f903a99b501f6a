import type { Say } from "../words/phrase.ts";

/** One thing that is wrong, or worth an eye. */
export interface Trouble {
  /** what it is about, as `holdfast why` takes it: `uplink`, `line-1`, `pump-1`, `pump-1/run-command`, an alarm's name */
  readonly subject: string;
  /** key of the catalogue of causes */
  readonly code: string;
  /** red needs a hand, yellow an eye */
  readonly severity: "red" | "yellow";
  /** what was seen, line by line */
  readonly evidence: (say: Say) => readonly string[];
  /** Unix milliseconds, where it is known */
  readonly sinceMs?: number;
}
