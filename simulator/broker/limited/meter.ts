import type { Clock } from "../../../hal/clock.ts";

const SECOND_MS = 1_000;

/** Adds up what happened in the last second, whichever second that is: no burst hides in the average. */
export interface Meter {
  /** @returns the sum with this one in it; one that is refused is taken out again with {@link undo} */
  add(amount: number): number;
  undo(): void;
}

export function openMeter(clock: Pick<Clock, "monotonicMs">): Meter {
  const taken: { readonly atMs: number; readonly amount: number }[] = [];
  let sum = 0;
  return {
    add(amount) {
      const nowMs = clock.monotonicMs();
      while (taken[0] !== undefined && taken[0].atMs <= nowMs - SECOND_MS) sum -= taken.shift()?.amount ?? 0;
      taken.push({ atMs: nowMs, amount });
      sum += amount;
      return sum;
    },
    undo() {
      sum -= taken.pop()?.amount ?? 0;
    },
  };
}
