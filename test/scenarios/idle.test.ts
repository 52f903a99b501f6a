import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../simulator/clock.ts";
import { virtualTime } from "../agent/uplink/world.ts";
import { idleSite } from "./idle-site.ts";

const MEGABYTE = 1_000_000;
/** A day of polling takes seconds. */
const PATIENCE = { timeout: 120_000 };

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

// 15 s: the shortest pause that the product adapts to where a NAT forgets quickly
test.each([60, 15])(
  "a small site that reports by exception costs at most 1 MB a day, TLS and a keep-alive of %i s included, and says so",
  PATIENCE,
  async (keepaliveS) => {
    const day = await idleSite(clock, 24, keepaliveS);

    expect(day.sent + day.received).toBeLessThanOrEqual(MEGABYTE);
    // the first of the two was spent on asking in MQTT 5
    expect(day.connections).toBe(2);
    // a change a minute arrived, each with its mark
    expect(day.messages).toBeGreaterThan(2 * 24 * 60);
    expect(day.shown / (day.sent + day.received)).toBeCloseTo(1, 2);
  },
);
