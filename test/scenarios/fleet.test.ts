import { afterAll, beforeAll, expect, test } from "vitest";
import { encodePayload } from "../../agent/uplink/sparkplug/encode.ts";
import type { Received } from "../../simulator/broker/index.ts";
import { virtualClock } from "../../simulator/clock.ts";
import { virtualTime } from "../agent/uplink/world.ts";
import { brokerOutage } from "./fleet-outage.ts";
import { GROUP, busiestSecond, fleet } from "./fleet.ts";
import type { Fleet } from "./fleet.ts";

const FLEET = { gateways: 800, connectsPerSecond: 50 } as const;
/** 25 a second in the mean, so that 50 are never exceeded */
const WINDOW_MS = 32_000;
/** A connection held so long is forgotten as a failure. */
const STABLE_MS = 31_000;
/** 800 real TLS sessions take seconds, whatever time the clock shows. */
const PATIENCE_MS = 180_000;
const PATIENCE = { timeout: PATIENCE_MS };

const clock = virtualClock();
let globals: Disposable;
/** One fleet for all, since it takes its time to connect: each test leaves it as it found it, online for a while. */
let all: Fleet;
beforeAll(async () => {
  globals = await virtualTime(clock);
  all = await fleet(clock, FLEET);
  await clock.advance(WINDOW_MS + STABLE_MS);
}, PATIENCE_MS);
afterAll(async () => {
  await all[Symbol.asyncDispose]();
  globals[Symbol.dispose]();
}, PATIENCE_MS);

test("800 gateways that start in the same instant are connected in turn", () => {
  expect(all.online()).toBe(FLEET.gateways);
  expect(all.attempts).toHaveLength(FLEET.gateways);
  expect(busiestSecond(all.attempts)).toBeLessThanOrEqual(FLEET.connectsPerSecond);
});

test("after ten minutes without their broker they are back within one, and drained", PATIENCE, async () => {
  const seen = await brokerOutage(all, 600_000, 60_000);
  expect(seen.allBackMs).toBeLessThanOrEqual(60_000);
  expect(seen.attemptsPerSecond).toBeLessThanOrEqual(FLEET.connectsPerSecond);
  expect(seen.birthsPerSecond).toBeLessThanOrEqual(FLEET.connectsPerSecond);
  // the fleet's own readings are 160 messages a second, marks included; a return is at most six more, for each of 50
  expect(seen.messagesPerSecond).toBeLessThanOrEqual(160 + 6 * FLEET.connectsPerSecond);
  expect(seen.slowestDrainMs).toBeLessThanOrEqual(3_000);
  expect(unacknowledged()).toBeLessThanOrEqual(8);
  await clock.advance(STABLE_MS);
});

test("after a moment without it they are back within their window", PATIENCE, async () => {
  const seen = await brokerOutage(all, 0, 60_000);
  expect(seen.allBackMs).toBeLessThanOrEqual(WINDOW_MS + 2_000);
  expect(seen.attemptsPerSecond).toBeLessThanOrEqual(FLEET.connectsPerSecond);
  expect(seen.slowestDrainMs).toBeLessThanOrEqual(3_000);
});

test("a host that orders a rebirth from everybody at once has all births within seconds", PATIENCE, async () => {
  const heard: Received[] = [];
  using _watch = all.broker.record.watch((received) => heard.push(received));
  for (const { device } of all.gateways) await order(device);
  const orderedMs = clock.monotonicMs();
  await clock.advance(10_000);
  const births = heard.filter(({ topic }) => topic.includes("/NBIRTH/"));
  expect(births.length).toBe(FLEET.gateways);
  expect(new Set(births.map(({ topic }) => topic)).size).toBe(FLEET.gateways);
  // 160 a second in the mean, with five deviations
  expect(busiestSecond(births.map(({ atMs }) => atMs))).toBeLessThanOrEqual(224);
  expect(Math.max(...births.map(({ atMs }) => atMs)) - orderedMs).toBeLessThanOrEqual(6_000); // 5 s and a publishing period
  // data stops at the order and goes on after the births
  expect(dataBeforeBirth(heard)).toEqual([]);
});

test(
  "one that is ordered a thousand rebirths a second is born six times a minute, and nobody else is",
  PATIENCE,
  async () => {
    await clock.advance(60_000);
    const heard: Received[] = [];
    using _watch = all.broker.record.watch((received) => heard.push(received));
    const [{ device: victim } = { device: "" }] = all.gateways;
    for (let tenth = 0; tenth < 100; tenth++) {
      for (let i = 0; i < 100; i++) await order(victim);
      await clock.advance(100);
    }
    await clock.advance(10_000);
    const births = heard.filter(({ topic }) => topic.includes("/NBIRTH/"));
    expect(new Set(births.map(({ topic }) => topic.split("/").at(-1)))).toEqual(new Set([victim]));
    expect(births.length).toBeLessThanOrEqual(8); // six at once, and two that twenty seconds earn
    expect(unacknowledged()).toBeLessThanOrEqual(8);
  },
);

/** The most that any gateway sampled and nobody acknowledged: two readings may be under way. */
function unacknowledged(): number {
  return Math.max(
    ...all.gateways.map(({ device }) => {
      const { sampled, acknowledged } = all.progress(device);
      return sampled - acknowledged;
    }),
  );
}

function order(device: string): Promise<void> {
  const metrics = [{ name: "Node Control/Rebirth", type: 11, value: true }];
  const payload = encodePayload({ timestamp: clock.wall().unixMs, metrics });
  return all.broker.publish(`spBv1.0/${GROUP}/NCMD/${device}`, payload);
}

/** Data of gateways that had been ordered to be born again and were not yet. */
function dataBeforeBirth(heard: readonly Received[]): readonly string[] {
  const born = new Set<string>();
  const early: string[] = [];
  for (const { topic } of heard) {
    const [, , verb, edgeNode = ""] = topic.split("/");
    if (verb === "NBIRTH") born.add(edgeNode);
    if (verb === "DDATA" && !born.has(edgeNode)) early.push(topic);
  }
  return early;
}
