import { expect, test } from "vitest";
import { RETURN_SLOWDOWN_MAX, returnPace } from "../../../../agent/uplink/pace/return-pace.ts";
import { spreadOf } from "../../../../agent/uplink/pace/spread.ts";

const RETURN_MS = 300_000;
const identity = spreadOf({ site: "coast", device: "gw-1" });
const draw = (pace: ReturnType<typeof returnPace>): number[] => Array.from({ length: 200 }, () => pace.nextMs());

test("better ways are looked at about as often as configured, and gateways that fled together spread over half of it", () => {
  const drawn = draw(returnPace(identity, RETURN_MS));
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0.75 * RETURN_MS);
  expect(Math.max(...drawn)).toBeLessThanOrEqual(1.25 * RETURN_MS);
  expect(Math.max(...drawn) - Math.min(...drawn)).toBeGreaterThan(0.45 * RETURN_MS);
});

test("returns that fail become rarer up to a limit, and one that holds ends that", () => {
  const pace = returnPace(identity, RETURN_MS);
  pace.failed();
  expect(Math.min(...draw(pace))).toBeGreaterThanOrEqual(1.5 * RETURN_MS);
  for (let i = 0; i < 20; i++) pace.failed();
  expect(Math.max(...draw(pace))).toBeLessThanOrEqual(1.25 * RETURN_SLOWDOWN_MAX * RETURN_MS);
  expect(Math.min(...draw(pace))).toBeGreaterThanOrEqual(0.75 * RETURN_SLOWDOWN_MAX * RETURN_MS);
  pace.held();
  expect(Math.max(...draw(pace))).toBeLessThanOrEqual(1.25 * RETURN_MS);
});

test("gateways that were flashed from one image do not look in the same instant", () => {
  const firsts = Array.from({ length: 800 }, (_, i) =>
    returnPace(spreadOf({ site: "coast", device: `gw-${i}` }), RETURN_MS).nextMs(),
  );
  const busiest = Math.max(
    ...firsts.map((begin) => firsts.filter((one) => one >= begin && one < begin + 1_000).length),
  );
  expect(busiest).toBeLessThanOrEqual(20);
});
