import { expect, test } from "vitest";
import type { ClockTrust } from "../../../../hal/clock.ts";
import { NO_TRAFFIC, addTraffic, beginPeriods, periodsAt } from "../../../../agent/uplink/traffic/period.ts";
import type { Periods } from "../../../../agent/uplink/traffic/period.ts";

const HOUR_MS = 3_600_000;
const wall = (text: string, trust: ClockTrust = "trusted") => ({ unixMs: Date.parse(text), trust });
const USED = { live: 1, history: 2, management: 3, overhead: 4 };
const begun = addTraffic(beginPeriods(wall("2026-02-27T12:00:00Z")), USED);

const used = ({ day, month }: Periods): string =>
  [day.used.live === 0 ? "" : "day", month.used.live === 0 ? "" : "month"].join(" ").trim();

test.each([
  ["the same day", "2026-02-27T23:59:59Z", "trusted", 12, "day month"],
  ["midnight", "2026-02-28T00:00:00Z", "trusted", 12, "month"],
  ["the first of the month", "2026-03-01T00:00:00Z", "trusted", 36, ""],
  ["the next year", "2027-02-27T12:00:00Z", "trusted", 1, ""],
  ["a clock set back by a day", "2026-02-26T12:00:00Z", "trusted", 1, "day month"],
  ["a clock set back by a year", "2025-02-27T12:00:00Z", "trusted", 1, "day month"],
  ["more than a day's time in one day of a clock that says so", "2026-02-27T23:59:00Z", "trusted", 30, "day month"],
  ["a day's time under a clock that was set back", "2026-02-01T12:00:00Z", "trusted", 24, "month"],
  ["an untrusted clock that runs ahead", "2036-02-27T12:00:00Z", "untrusted", 1, "day month"],
  ["a day's time under an untrusted clock", "1970-01-01T00:00:00Z", "untrusted", 24, "month"],
  ["a month's time under an untrusted clock", "1970-01-01T00:00:00Z", "untrusted", 31 * 24, ""],
  ["the next day by a clock that is bounded", "2026-02-28T00:00:00Z", "bounded", 1, "month"],
] as const)("%s", (_name, now, trust, passedHours, left) => {
  expect(used(periodsAt(begun, wall(now, trust), passedHours * HOUR_MS))).toBe(left);
});

test("a clock set to and fro begins no second day", () => {
  let periods = begun;
  for (let i = 0; i < 10; i++) {
    periods = periodsAt(periods, wall("2026-02-20T12:00:00Z"), HOUR_MS / 10);
    periods = periodsAt(periods, wall("2026-02-27T12:00:00Z"), HOUR_MS / 10);
  }
  expect(used(periods)).toBe("day month");
});

test("a clock that was trusted years ahead by mistake counts days by time from then on", () => {
  const ahead = addTraffic(periodsAt(begun, wall("2036-01-01T00:00:00Z"), 0), USED);
  const back = periodsAt(ahead, wall("2026-02-27T13:00:00Z"), HOUR_MS);
  expect(used(back)).toBe("day month");
  expect(used(periodsAt(back, wall("2026-02-28T12:00:00Z"), 23 * HOUR_MS))).toBe("month");
});

test("months are the calendar's", () => {
  const before = beginPeriods(wall("2024-02-29T23:59:59Z")).month.number;
  expect(beginPeriods(wall("2024-03-01T00:00:00Z")).month.number).toBe(before + 1);
  expect(beginPeriods(wall("2026-01-01T00:00:00Z")).month.number).toBe(2026 * 12);
  expect(beginPeriods(wall("2026-12-31T23:59:59Z")).month.number).toBe(2026 * 12 + 11);
  expect(beginPeriods(wall("1970-01-01T00:00:00Z")).day).toEqual({ number: 0, elapsedMs: 0, used: NO_TRAFFIC });
});
