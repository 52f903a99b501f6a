import { expect, test } from "vitest";
import { silentLog } from "../../../agent/contract/log.ts";
import { openStanding } from "../../../agent/process/standing.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { memoryNotification } from "../../../simulator/notification.ts";

const WATCHDOG_MS = 30_000;
const signs = (received: readonly string[]): number => received.filter((message) => message === "WATCHDOG=1").length;

test("a room that is well gives three signs of life in every watchdog period, and none before it is ready", async () => {
  const clock = virtualClock();
  const manager = memoryNotification(WATCHDOG_MS);
  using standing = openStanding(clock, manager, silentLog);
  await clock.advance(WATCHDOG_MS);
  expect(manager.received).toEqual([]);
  standing.ready(() => true);
  expect(manager.received).toEqual(["READY=1", "WATCHDOG=1"]);
  await clock.advance(WATCHDOG_MS);
  expect(signs(manager.received)).toBe(4);
});

test("a room that is not well gives no sign of life, says so once in the log, and may recover", async () => {
  const clock = virtualClock();
  const manager = memoryNotification(WATCHDOG_MS);
  const said: string[] = [];
  using standing = openStanding(clock, manager, { ...silentLog, warn: (event) => void said.push(event) });
  let well = true;
  standing.ready(() => well);
  well = false;
  await clock.advance(2 * WATCHDOG_MS);
  expect(signs(manager.received)).toBe(1);
  expect(said).toEqual(["process.unwell"]);
  well = true;
  await clock.advance(WATCHDOG_MS);
  expect(signs(manager.received)).toBe(4);
  expect(said).toEqual(["process.unwell", "process.well-again"]);
});

test("where nobody watches, ready and status are all there is", async () => {
  const clock = virtualClock();
  const manager = memoryNotification();
  const standing = openStanding(clock, manager, silentLog);
  standing.ready(() => true);
  standing.says("polling");
  await clock.advance(10 * WATCHDOG_MS);
  standing[Symbol.dispose]();
  expect(manager.received).toEqual(["READY=1", "STATUS=polling", "STOPPING=1"]);
});

test("a room that is leaving says so and gives no sign of life any more", async () => {
  const clock = virtualClock();
  const manager = memoryNotification(WATCHDOG_MS);
  const standing = openStanding(clock, manager, silentLog);
  standing.ready(() => true);
  standing[Symbol.dispose]();
  await clock.advance(WATCHDOG_MS);
  expect(manager.received).toEqual(["READY=1", "WATCHDOG=1", "STOPPING=1"]);
});
