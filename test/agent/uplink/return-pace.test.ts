import { expect, test } from "vitest";
import { RETURN_SLOWDOWN_MAX, returnPace } from "../../../agent/uplink/return-pace.ts";
import { seededEntropy } from "../../../simulator/entropy.ts";

const RETURN_MS = 300_000;
const draw = (pace: ReturnType<typeof returnPace>): number[] => Array.from({ length: 200 }, () => pace.nextMs());

test("better ways are looked at about as often as configured, and gateways that fled together spread over half of it", () => {
  const drawn = draw(returnPace(seededEntropy(1), RETURN_MS));
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0.75 * RETURN_MS);
  expect(Math.max(...drawn)).toBeLessThanOrEqual(1.25 * RETURN_MS);
  expect(Math.max(...drawn) - Math.min(...drawn)).toBeGreaterThan(0.45 * RETURN_MS);
});

test("returns that fail become rarer up to a limit, and one that holds ends that", () => {
  const pace = returnPace(seededEntropy(1), RETURN_MS);
  pace.failed();
  expect(Math.min(...draw(pace))).toBeGreaterThanOrEqual(1.5 * RETURN_MS);
  for (let i = 0; i < 20; i++) pace.failed();
  expect(Math.max(...draw(pace))).toBeLessThanOrEqual(1.25 * RETURN_SLOWDOWN_MAX * RETURN_MS);
  expect(Math.min(...draw(pace))).toBeGreaterThanOrEqual(0.75 * RETURN_SLOWDOWN_MAX * RETURN_MS);
  pace.held();
  expect(Math.max(...draw(pace))).toBeLessThanOrEqual(1.25 * RETURN_MS);
});
