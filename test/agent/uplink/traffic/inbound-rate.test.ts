import { expect, test } from "vitest";
import { inboundRate } from "../../../../agent/uplink/traffic/inbound-rate.ts";

const LIMITS = { packetBytesMax: 1_000 };

/** Publishes as fast as allowed, looking every `lookMs`; when each packet went. */
function rush(rate: ReturnType<typeof inboundRate>, bytes: number, lookMs: number, forMs: number): number[] {
  const went: number[] = [];
  for (let nowMs = 0; nowMs < forMs; nowMs += lookMs) {
    while (rate.allows(nowMs)) {
      rate.took(bytes, nowMs);
      went.push(nowMs);
    }
  }
  return went;
}

const busiest = (went: readonly number[]): number =>
  Math.max(...went.map((begin, i) => went.slice(i).filter((at) => at < begin + 1_000).length));

test.each([50, 250, 1_000])(
  "no second sees more than the broker takes, and most of it is used: rounds of %i ms",
  (publishMs) => {
    const went = rush(inboundRate({ ...LIMITS, publishesPerSecondMax: 100 }, publishMs), 200, publishMs, 60_000);
    expect(busiest(went)).toBeLessThanOrEqual(100);
    expect(went.length / 60).toBeGreaterThan(100 / (1 + publishMs / 1_000) - 3);
  },
);

test("bytes are limited beside packets", () => {
  const went = rush(
    inboundRate({ ...LIMITS, publishesPerSecondMax: 1_000, bytesPerSecondMax: 10_000 }, 250),
    1_000,
    250,
    60_000,
  );
  expect(busiest(went)).toBeLessThanOrEqual(10);
  expect(went.length).toBeGreaterThan(60 * 7);
});

test("what had to go regardless is paid for by what comes after it", () => {
  const rate = inboundRate({ ...LIMITS, publishesPerSecondMax: 10 }, 250);
  for (let i = 0; i < 30; i++) rate.took(1, 0);
  expect(rate.allows(1_000)).toBe(false);
  expect(rate.allows(3_000)).toBe(false);
  expect(rate.allows(4_000)).toBe(true);
});

test("a broker without a limit takes what comes", () => {
  expect(rush(inboundRate(LIMITS, 250), 1_000_000, 250, 0)).toEqual([]);
  expect(inboundRate(LIMITS, 250).allows(0)).toBe(true);
});
