import { expect, test } from "vitest";
import { backoff } from "../../../../agent/uplink/pace/backoff.ts";
import { spreadOf } from "../../../../agent/uplink/pace/spread.ts";

const fleet = { gateways: 800, connectsPerSecond: 50 };
const devices = Array.from({ length: 800 }, (_, i) => ({ site: "coast", device: `gw-${i + 1}` }));

test("the first pause is a place in the fleet's window; no later one is shorter than the window or as long as the longest", () => {
  for (const device of devices.slice(0, 50)) {
    const pauses = backoff(spreadOf({ ...device, fleet }), 1_000, 60_000);
    const first = pauses.nextMs();
    expect(first).toBeGreaterThanOrEqual(1_000);
    expect(first).toBeLessThan(33_000);
    for (let i = 0; i < 20; i++) {
      const next = pauses.nextMs();
      expect(next).toBeGreaterThanOrEqual(32_000);
      expect(next).toBeLessThanOrEqual(54_000);
    }
    pauses.reset();
    expect(pauses.nextMs()).toBeLessThan(33_000);
  }
});

test("a fleet that needs longer than the longest pause takes it", () => {
  const patient = { site: "coast", device: "gw-1", fleet: { gateways: 4_000, connectsPerSecond: 50 } };
  const pauses = backoff(spreadOf(patient), 1_000, 60_000);
  pauses.nextMs();
  expect(pauses.nextMs()).toBeGreaterThanOrEqual(160_000);
});

test("a gateway without a fleet is back in seconds, and as soon as it was told to", () => {
  for (const device of devices) {
    expect(backoff(spreadOf(device), 1_000, 60_000).nextMs()).toBeLessThanOrEqual(4_000);
    expect(backoff(spreadOf(device), 100, 1_000).nextMs()).toBeLessThanOrEqual(1_000);
  }
});

test("pauses of a gateway without a fleet double from the first to nearly the longest", () => {
  const longest = Array.from({ length: 8 }, () => 0);
  for (const device of devices) {
    const pauses = backoff(spreadOf(device), 1_000, 60_000);
    for (let i = 0; i < longest.length; i++) longest[i] = Math.max(longest[i] ?? 0, pauses.nextMs());
  }
  const ceilings = [4_000, 8_000, 16_000, 32_000, 54_000, 54_000, 54_000, 54_000];
  for (const [i, ceiling] of ceilings.entries()) {
    expect(longest[i]).toBeLessThanOrEqual(ceiling);
    expect(longest[i]).toBeGreaterThan(ceiling * 0.97);
  }
});

test("a fleet that nobody named comes back within a minute to a broker that takes 50 connections a second", () => {
  const TAKEN_PER_SECOND = 50;
  const waiting = devices.map((device) => {
    const pauses = backoff(spreadOf(device), 1_000, 60_000);
    return { pauses, atMs: pauses.nextMs() };
  });
  const taken: number[] = [];
  let attempts = 0;
  for (;;) {
    waiting.sort((a, b) => b.atMs - a.atMs);
    const first = waiting.pop();
    if (first === undefined) break;
    attempts += 1;
    const { atMs, pauses } = first;
    if (taken.filter((one) => one > atMs - 1_000).length < TAKEN_PER_SECOND) taken.push(atMs);
    else waiting.push({ pauses, atMs: atMs + pauses.nextMs() });
  }
  expect(taken).toHaveLength(devices.length);
  expect(taken.at(-1)).toBeLessThanOrEqual(60_000);
  expect(attempts).toBeLessThanOrEqual(3 * devices.length);
});
