import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenBucket } from "../../../../agent/uplink/pace/token-bucket.ts";

const MINUTE_MS = 60_000;

test("in any stretch of time no more pass than the bucket holds and refills", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.nat({ max: 20_000 }), { maxLength: 300 }),
      (rate, steps) => {
        const take = tokenBucket(rate, MINUTE_MS);
        let now = 0;
        const passed: number[] = [];
        for (const step of steps) {
          now += step;
          if (take(now)) passed.push(now);
        }
        for (const [i, from] of passed.entries()) {
          const inMinute = passed.slice(i).filter((at) => at - from < MINUTE_MS).length;
          expect(inMinute).toBeLessThanOrEqual(2 * rate);
        }
      },
    ),
  );
});

test("after a quiet minute the whole burst is there again", () => {
  const take = tokenBucket(3, MINUTE_MS);
  expect([take(0), take(0), take(0), take(0)]).toEqual([true, true, true, false]);
  expect(take(19_999)).toBe(false);
  expect(take(20_000)).toBe(true);
  expect([take(100_000), take(100_000), take(100_000), take(100_000)]).toEqual([true, true, true, false]);
});
