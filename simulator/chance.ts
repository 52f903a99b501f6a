import { seededEntropy } from "./entropy.ts";

/** Picks one of `count` possibilities, 0 to count - 1. */
export type Choose = (count: number) => number;

/** The same seed picks the same. */
export function seededChoice(seed: number): Choose {
  const entropy = seededEntropy(seed);
  return (count) => Math.floor(entropy.fraction() * count);
}

/**
 * Runs `build` once for every sequence of picks it can meet, in order, at most `limit` times. What `build` asks for may
 * depend on what it was given before.
 */
export function* everyChoice<T>(build: (choose: Choose) => T, limit: number): Generator<T> {
  let picks: { taken: number; of: number }[] = [];
  for (let runs = 0; runs < limit; runs++) {
    let asked = 0;
    yield build((count) => {
      const pick = picks[asked] ?? { taken: 0, of: count };
      picks[asked++] = pick;
      return pick.taken;
    });
    picks = picks.slice(0, asked);
    let last = picks.pop();
    while (last !== undefined && last.taken + 1 >= last.of) last = picks.pop();
    if (last === undefined) return;
    picks.push({ ...last, taken: last.taken + 1 });
  }
}
