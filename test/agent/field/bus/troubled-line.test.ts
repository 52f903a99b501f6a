import { expect, test } from "vitest";
import { troubledLine } from "../../../bench/cases/troubled-line.ts";

test.each([1, 2, 3])(
  "with 8 dead, 4 babbling and 1 flapping of 32 every healthy device keeps its period (seed %i)",
  async (seed) => {
    const line = await troubledLine(seed);
    expect(line.worstPercent).toBeLessThanOrEqual(5);
    // one answer in twenty lost to babble would be a receiver that does not find its feet again
    expect(line.answeredPercent).toBeGreaterThan(95);
  },
);
