import type { Way } from "./way.ts";

/**
 * How an attempt or a connection ended:
 * - `failed`: it never opened, or did not hold
 * - `unwelcome`: the broker itself answered no, or its primary host is away: another interface changes nothing
 * - `lost`: it had held, and ended
 * - `cut-off`: it had held until its interface went down
 * - `host-gone`: it had held until the primary host went away, which a whole fleet is told in the same instant
 * - `better`: it was left for a better way that answers
 */
export type Outcome =
  | { readonly kind: "failed" | "unwelcome" | "lost" | "cut-off" | "host-gone" }
  | { readonly kind: "better"; readonly way: number };

/** Which way is taken next, and whether only after a pause. */
export interface Course {
  readonly way: number;
  readonly pause: boolean;
  /** not before this gateway's turn in its fleet */
  readonly turn?: true;
  /** the way that was serving, left for a better one: should that one fail after all, it is taken up again at once */
  readonly back?: number;
}

export const FIRST_COURSE: Course = { way: 0, pause: false };

/**
 * Ways are tried in their order, each at once after the one before it failed, so that a good one is reached in seconds;
 * only a whole round without any pauses, so that nobody hammers. Whoever served for a while and was lost is not blamed
 * yet: after a pause the best is tried first.
 */
export function nextCourse(ways: readonly Way[], { way, back }: Course, outcome: Outcome): Course {
  if (outcome.kind === "better") return { way: outcome.way, pause: false, back: way };
  if (outcome.kind === "lost") return { way: 0, pause: true };
  if (outcome.kind === "cut-off") return FIRST_COURSE;
  const turn = outcome.kind === "host-gone" ? { turn: true as const } : {};
  if (back !== undefined && back !== way) return { way: back, pause: false, ...turn };
  const broker = ways[way]?.brokerIndex;
  const next = ways.findIndex((one, i) => i > way && (outcome.kind === "failed" || one.brokerIndex !== broker));
  return next === -1 ? { way: 0, pause: true } : { way: next, pause: false, ...turn };
}
