import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { virtualClock } from "../../simulator/clock.ts";

test("between two timers everything that needs no time comes to rest", async () => {
  const clock = virtualClock();
  const order: string[] = [];
  clock.after(10, () => {
    void (async () => {
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise<void>((resolve) => process.nextTick(resolve));
      await readFile(new URL(import.meta.url));
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`first, at ${clock.monotonicMs()}`);
      clock.after(0.5, () => order.push(`its own, at ${clock.monotonicMs()}`));
    })();
  });
  clock.after(11, () => order.push(`second, at ${clock.monotonicMs()}`));
  await clock.advance(100);
  expect(order).toEqual(["first, at 10", "its own, at 10.5", "second, at 11"]);
  expect(clock.monotonicMs()).toBe(100);
});

test("timers of one instant fire in the order they were set, a hundred thousand in the order of their instants", async () => {
  const clock = virtualClock();
  const fired: number[] = [];
  const delays = Array.from({ length: 100_000 }, (_, at) => (at * 7_919) % 1_009);
  for (const [at, delayMs] of delays.entries()) clock.after(delayMs, () => fired.push(delayMs * 1e6 + at));
  await clock.advance(1_009);
  expect(fired).toEqual(fired.toSorted((a, b) => a - b));
  expect(fired).toHaveLength(100_000);
});

test("a million timeouts that were cancelled do not pile up", async () => {
  const clock = virtualClock();
  let fired = 0;
  clock.after(1, () => fired++);
  for (let i = 0; i < 1_000_000; i++) clock.after(60_000 + i, () => fired++)[Symbol.dispose]();
  await clock.advance(2_000_000);
  expect(fired).toBe(1);
});

test("whoever sets the wall clock moves no timer", async () => {
  const clock = virtualClock({ startUnixMs: 1_000, trust: "untrusted" });
  let firedMs = 0;
  clock.after(50, () => (firedMs = clock.monotonicMs()));
  await clock.advance(20);
  expect(clock.wall()).toEqual({ unixMs: 1_020, trust: "untrusted" });
  clock.setWall(5, "trusted");
  expect(clock.wall()).toEqual({ unixMs: 5, trust: "trusted" });
  await clock.advance(40);
  expect(clock.wall()).toEqual({ unixMs: 45, trust: "trusted" });
  expect(firedMs).toBe(50);
});

test("what a callback throws is the advancing test's to see, and the clock goes on", async () => {
  const clock = virtualClock();
  clock.after(5, () => {
    throw new Error("a bug");
  });
  await expect(clock.advance(10)).rejects.toThrow("a bug");
  expect(clock.monotonicMs()).toBe(5);
  await clock.advance(10);
  expect(clock.monotonicMs()).toBe(15);
});

test("advancing until something holds stops there, or says that it never did", async () => {
  const clock = virtualClock();
  let done = false;
  clock.after(30, () => (done = true));
  await clock.advanceUntil(() => done, 1_000);
  expect(clock.monotonicMs()).toBe(30);
  await expect(clock.advanceUntil(() => false, 100)).rejects.toThrow("100 ms");
});

test("two cannot advance one clock at a time, and time does not run backwards", async () => {
  const clock = virtualClock();
  const advancing = clock.advance(10);
  await expect(clock.advance(10)).rejects.toThrow("already");
  await advancing;
  await expect(clock.advance(-1)).rejects.toThrow(RangeError);
  await expect(clock.advance(Number.NaN)).rejects.toThrow(RangeError);
});
