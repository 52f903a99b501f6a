import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmbeddedBroker, Received } from "../../simulator/broker/index.ts";
import { virtualClock } from "../../simulator/clock.ts";
import { virtualTime } from "../agent/uplink/world.ts";
import { busiestSecond, fleet } from "./fleet.ts";

const FLEET = { gateways: 200, connectsPerSecond: 20, primaryHost: "scada" } as const;
/** 6.9 a second in the mean, so that 20 are never exceeded */
const WINDOW_MS = 30_000;
const STABLE_MS = 31_000;
/** Hundreds of real TLS sessions. */
const PATIENCE = { timeout: 60_000 };

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

async function say(broker: EmbeddedBroker, online: boolean): Promise<void> {
  const state = Buffer.from(JSON.stringify({ online, timestamp: clock.wall().unixMs }));
  await broker.publish(`spBv1.0/STATE/${FLEET.primaryHost}`, state, { qos: 1, retain: true });
}

test("a primary host that goes to another broker is followed in turn", PATIENCE, async () => {
  await using all = await fleet(clock, { ...FLEET, spare: true });
  await say(all.broker, true);
  await say(all.spare, true);
  await clock.advance(WINDOW_MS + STABLE_MS);
  expect(all.broker.clients()).toHaveLength(FLEET.gateways);

  const goneMs = clock.monotonicMs();
  await say(all.broker, false);
  await clock.advance(WINDOW_MS + 2_000);
  expect(all.spare.clients()).toHaveLength(FLEET.gateways);
  const moves = all.attempts.filter((atMs) => atMs >= goneMs);
  expect(moves).toHaveLength(FLEET.gateways);
  expect(busiestSecond(moves)).toBeLessThanOrEqual(FLEET.connectsPerSecond);
});

test("a fleet that waits for its primary host is born over seconds once that is there", PATIENCE, async () => {
  await using all = await fleet(clock, FLEET);
  await clock.advance(WINDOW_MS + 5_000);
  expect(all.broker.clients()).toHaveLength(FLEET.gateways);
  const births: number[] = [];
  using _watch = all.broker.record.watch(({ topic, atMs }: Received) => {
    if (topic.includes("/NBIRTH/")) births.push(atMs);
  });
  const cameMs = clock.monotonicMs();
  await say(all.broker, true);
  await clock.advance(10_000);
  expect(births).toHaveLength(FLEET.gateways);
  expect(Math.max(...births) - cameMs).toBeLessThanOrEqual(5_100);
  expect(busiestSecond(births)).toBeLessThanOrEqual(72); // 40 a second in the mean, with five deviations
});
