/** One condition, watched. */
export interface Condition {
  /** Whether it holds now; undefined where that cannot be known, such as without a usable value. Asked once a scan. */
  holds(nowMs: number): boolean | undefined;
  /** What was seen and what it was held against, for a technician. */
  evidence(): string;
}
