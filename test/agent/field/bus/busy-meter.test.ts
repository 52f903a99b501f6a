import { expect, test } from "vitest";
import { BusyMeter } from "../../../../agent/field/bus/busy-meter.ts";

function half(meter: BusyMeter, fromMs: number, toMs: number): void {
  for (let at = fromMs; at < toMs; at += 100) meter.add(at, at + 50);
}

test("a bus that has only just started shows its true load, not a share of ten seconds it never had", () => {
  const meter = new BusyMeter(100_000);
  half(meter, 100_000, 102_000);
  expect(meter.percent(102_000)).toBeCloseTo(50, 6);
});

test("what was busy more than ten seconds ago counts no more", () => {
  const meter = new BusyMeter(0);
  half(meter, 0, 20_000);
  expect(meter.percent(20_000)).toBeCloseTo(50, -1);
  expect(meter.percent(31_000)).toBe(0);
});

test("one long transaction is spread over the time it took", () => {
  const meter = new BusyMeter(0);
  meter.add(2_000, 8_000);
  expect(meter.percent(10_000)).toBeCloseTo(60, 6);
});
