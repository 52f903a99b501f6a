import { afterAll, beforeAll, expect, test } from "vitest";
import { openStanding } from "../../../agent/process/standing.ts";
import { silentLog } from "../../../agent/contract/log.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { memoryNotification } from "../../../simulator/notification.ts";
import { virtualTime, world } from "./world.ts";

const WATCHDOG_MS = 30_000;
const HOUR_MS = 3_600_000;

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const signs = (received: readonly string[]): number => received.filter((message) => message === "WATCHDOG=1").length;

test("an uplink whose key file never answers gives no sign of life once every deadline has passed", async () => {
  const manager = memoryNotification(WATCHDOG_MS);
  using standing = openStanding(clock, manager, silentLog);
  const file = Promise.withResolvers<never>();
  await using w = await world(clock, { standing, materialSource: () => file.promise });
  await w.pass(3 * 60_000);
  expect(signs(manager.received)).toBeGreaterThan(15);
  await w.pass(2 * 60_000);
  const last = signs(manager.received);
  await w.pass(HOUR_MS);
  expect(signs(manager.received)).toBe(last);
  file.reject(new Error("the disk is back"));
});

test("one that fails to connect for hours is well, and says where and why", async () => {
  const manager = memoryNotification(WATCHDOG_MS);
  using standing = openStanding(clock, manager, silentLog);
  await using w = await world(clock, { standing });
  await w.pass(1_000);
  expect(manager.received).toContain("STATUS=connected to mqtts://broker.test:8883");
  await w.broker.stop();
  await w.pass(HOUR_MS);
  expect(manager.received.findLast((message) => message.startsWith("STATUS="))).toBe(
    "STATUS=HAL_CONNECT_REFUSED at mqtts://broker.test:8883",
  );
  expect(signs(manager.received)).toBeGreaterThanOrEqual((3 * HOUR_MS) / WATCHDOG_MS);
});
