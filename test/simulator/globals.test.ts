import * as timers from "node:timers";
import { expect, test } from "vitest";
import { virtualClock } from "../../simulator/clock.ts";
import { installVirtualGlobals } from "../../simulator/globals.ts";

test("timeouts, intervals, dates and performance follow the clock, and what was there before comes back", async () => {
  const before = [setTimeout, setInterval, clearTimeout, clearInterval, Date, timers.setTimeout];
  const clock = virtualClock();
  const seen: unknown[] = [];
  {
    using _globals = installVirtualGlobals(clock);
    setTimeout((word: string) => seen.push([word, performance.now(), Date.now()]), 100.9, "later");
    timers.setTimeout(() => seen.push(new Date().toISOString()), 50);
    const interval = setInterval(() => {
      seen.push(performance.now());
      if (performance.now() === 60) clearInterval(interval);
    }, 20);
    clearTimeout(setTimeout(() => seen.push("cleared"), 10));
    clearTimeout(Number(setTimeout(() => seen.push("cleared by number"), 10)));
    await clock.advance(200);
    expect(new Date()).toBeInstanceOf(Date);
    expect(new Date(5).getTime()).toBe(5);
    expect(Date.UTC(1970, 0)).toBe(0);
  }
  const startMs = clock.wall().unixMs - 200;
  expect(seen).toEqual([20, 40, new Date(startMs + 50).toISOString(), 60, ["later", 100, startMs + 100]]);
  expect([setTimeout, setInterval, clearTimeout, clearInterval, Date, timers.setTimeout]).toEqual(before);
});

test("a handle does what Node's does: refresh, unref, dispose; and delays are cut to what Node knows", async () => {
  const clock = virtualClock();
  using _globals = installVirtualGlobals(clock);
  const fired: string[] = [];
  const refreshed = setTimeout(() => fired.push(`refreshed at ${performance.now()}`), 10);
  const disposed = setTimeout(() => fired.push("disposed"), 10);
  setTimeout(() => fired.push("too long for Node, so 1 ms"), 2 ** 31);
  setTimeout(() => fired.push("no delay, so 1 ms"));
  await clock.advance(5);
  refreshed.refresh();
  disposed[Symbol.dispose]();
  expect(refreshed.unref().hasRef()).toBe(false);
  expect(refreshed.ref().hasRef()).toBe(true);
  await clock.advance(100);
  expect(fired).toEqual(["too long for Node, so 1 ms", "no delay, so 1 ms", "refreshed at 15"]);
});

test("a real timer from before the replacement can still be cleared", async () => {
  let fired = false;
  const real = setTimeout(() => (fired = true), 1);
  {
    using _globals = installVirtualGlobals(virtualClock());
    clearTimeout(real);
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(fired).toBe(false);
});
