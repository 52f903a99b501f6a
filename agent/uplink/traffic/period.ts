import type { WallReading } from "../../../hal/clock.ts";
import type { Traffic } from "../../contract/uplink-status.ts";

const DAY_MS = 24 * 3_600_000;
/** What a month lasts where no clock tells. */
const MONTH_MS = 31 * DAY_MS;
/** The Gregorian calendar repeats after 400 years. */
const ERA_DAYS = 146_097;
/** From 0000-03-01 to 1970-01-01. */
const MARCH_OF_YEAR_0_DAYS = 719_468;

/** What was used in one day or month, and which one it is. */
export interface Period {
  /** days since 1970-01-01, or months since January of year 0, UTC */
  readonly number: number;
  /** running time counted in it: all there is to go by while the wall clock is not to be believed */
  readonly elapsedMs: number;
  readonly used: Traffic;
}

export interface Periods {
  readonly day: Period;
  readonly month: Period;
}

export const NO_TRAFFIC: Traffic = { live: 0, history: 0, management: 0, overhead: 0 };

/** The first there are. */
export function beginPeriods(wall: WallReading): Periods {
  const begin = (number: number): Period => ({ number, elapsedMs: 0, used: NO_TRAFFIC });
  return { day: begin(dayNumber(wall.unixMs)), month: begin(monthNumber(wall.unixMs)) };
}

/**
 * After `passedMs` more of running time. A later day begins with nothing used. Where the clock is not to be believed, or
 * stands before the day that was counted last, a day is 24 hours of running time: setting a clock to and fro refills no
 * budget, and a clock that was wrong once holds nothing up for ever.
 */
export function periodsAt(periods: Periods, wall: WallReading, passedMs: number): Periods {
  return {
    day: periodAt(periods.day, dayNumber(wall.unixMs), DAY_MS, wall, passedMs),
    month: periodAt(periods.month, monthNumber(wall.unixMs), MONTH_MS, wall, passedMs),
  };
}

function periodAt(period: Period, number: number, lastsMs: number, { trust }: WallReading, passedMs: number): Period {
  const believed = trust !== "untrusted";
  const elapsedMs = period.elapsedMs + passedMs;
  if (believed && number > period.number) return { number, elapsedMs: 0, used: NO_TRAFFIC };
  const told = believed && number === period.number;
  if (told || elapsedMs < lastsMs) return { ...period, elapsedMs };
  return { number: believed ? number : period.number + 1, elapsedMs: 0, used: NO_TRAFFIC };
}

/** What was used, too. */
export function addTraffic({ day, month }: Periods, more: Traffic): Periods {
  return { day: { ...day, used: sum(day.used, more) }, month: { ...month, used: sum(month.used, more) } };
}

function sum(a: Traffic, b: Traffic): Traffic {
  return {
    live: a.live + b.live,
    history: a.history + b.history,
    management: a.management + b.management,
    overhead: a.overhead + b.overhead,
  };
}

function dayNumber(unixMs: number): number {
  return Math.floor(unixMs / DAY_MS);
}

/** Days to months by counting from a March, so that the leap day is a year's last. No room has a calendar of its own. */
function monthNumber(unixMs: number): number {
  const days = dayNumber(unixMs) + MARCH_OF_YEAR_0_DAYS;
  const era = Math.floor(days / ERA_DAYS);
  const dayOfEra = days - era * ERA_DAYS;
  const leaps = Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const sinceMarch = Math.floor((5 * dayOfYear + 2) / 153);
  return (era * 400 + yearOfEra) * 12 + sinceMarch + 2;
}
