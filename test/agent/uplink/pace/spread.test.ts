import { expect, test } from "vitest";
import { fleetWindowMs, spreadOf } from "../../../../agent/uplink/pace/spread.ts";

const GATEWAYS = 800;
const fleet = { gateways: GATEWAYS, connectsPerSecond: 50 };
const devices = Array.from({ length: GATEWAYS }, (_, i) => ({ site: "coast", device: `gw-${i + 1}` }));

test("a gateway draws the same moment whenever it starts, and another one for every occasion and time", () => {
  const identity = { site: "coast", device: "gw-1" };
  const [one, again] = [spreadOf(identity), spreadOf({ ...identity })];
  expect(one.fraction("reconnect", 3)).toBe(again.fraction("reconnect", 3));
  const others = [
    one.fraction("reconnect", 4),
    one.fraction("rebirth", 3),
    spreadOf({ ...identity, device: "gw-2" }).fraction("reconnect", 3),
    spreadOf({ ...identity, site: "hills" }).fraction("reconnect", 3),
  ];
  expect(new Set([one.fraction("reconnect", 3), ...others]).size).toBe(5);
});

test.each([0, 1, 7])("a fleet is spread evenly, the %ith time too", (time) => {
  const buckets = Array.from({ length: 20 }, () => 0);
  for (const device of devices) {
    const fraction = spreadOf(device).fraction("reconnect", time);
    buckets[Math.floor(fraction * buckets.length)] = (buckets[Math.floor(fraction * buckets.length)] ?? 0) + 1;
  }
  const expected = GATEWAYS / buckets.length;
  const chiSquare = buckets.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  expect(chiSquare).toBeLessThan(43.8); // 19 degrees of freedom, one chance in a thousand; identities are fixed
});

test("whoever was last once is not last for ever", () => {
  const late = devices.filter((device) => spreadOf(device).fraction("reconnect", 0) > 0.9);
  const lateAgain = late.filter((device) => spreadOf(device).fraction("reconnect", 1) > 0.9);
  expect(late.length).toBeGreaterThan(50);
  expect(lateAgain.length).toBeLessThan(late.length / 4);
});

test("the window is what the configured rate asks for, and no second of it sees more", () => {
  expect(fleetWindowMs(fleet)).toBe(32_000); // 25 a second in the mean, 25 + 5 √25 at most
  expect(fleetWindowMs({ gateways: 50, connectsPerSecond: 50 })).toBe(0); // all at once is within the rate
  for (const connectsPerSecond of [20, 50, 100, 200]) {
    const windowMs = fleetWindowMs({ gateways: GATEWAYS, connectsPerSecond });
    for (let time = 0; time < 20; time++) {
      const moments = devices.map((one) => spreadOf(one).fraction("reconnect", time) * windowMs);
      expect(busiest(moments), `${connectsPerSecond}/s, time ${time}`).toBeLessThanOrEqual(connectsPerSecond);
    }
  }
});

test("a gateway without a fleet starts at once and is born again at once", () => {
  for (const device of devices) {
    const spread = spreadOf(device);
    expect([spread.startMs, spread.rebirthMs(0)]).toEqual([0, 0]);
  }
});

test("a fleet's births are spread over seconds, not over the minutes its connections may take", () => {
  const delays = devices.map((device) => spreadOf({ ...device, fleet }).rebirthMs(0));
  expect(Math.max(...delays)).toBeLessThanOrEqual(5_000);
  expect(Math.max(...delays)).toBeGreaterThan(4_500);
});

/** The most moments in any one second, wherever it begins. */
function busiest(moments: readonly number[]): number {
  const sorted = moments.toSorted((a, b) => a - b);
  return Math.max(...sorted.map((start, i) => sorted.slice(i).filter((moment) => moment < start + 1_000).length));
}
