import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../../../simulator/clock.ts";
import { virtualTime, world } from "../world.ts";
import type { World } from "../world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const now = (): number => clock.wall().unixMs;
const fault = async (w: World) => (await w.status()).lastFault;

test("attempts back off with jitter between the first and the longest pause, for ever", async () => {
  await using w = await world(clock, { broker: { retryMsMin: 1_000, retryMsMax: 20_000 } });
  await w.pass(500);
  w.network.refuse("broker.test", 8883);
  w.broker.disconnectClients();
  const pauses: number[] = [];
  let attempts = (await w.status()).attempts;
  let since = clock.monotonicMs();
  while (pauses.length < 60) {
    await w.pass(50);
    const status = await w.status();
    if (status.attempts === attempts) continue;
    attempts = status.attempts;
    pauses.push(clock.monotonicMs() - since);
    since = clock.monotonicMs();
    expect(status.retryInMs ?? 0).toBeLessThanOrEqual(20_000);
  }
  const settled = pauses.slice(8);
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(950);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(20_100);
  expect(new Set(settled.map((pause) => Math.round(pause / 1_000))).size).toBeGreaterThan(8);
  w.network.restore("broker.test", 8883);
  await w.pass(21_000);
  expect((await w.status()).state).toBe("online");
});

test("the pause starts over only after a connection that held", async () => {
  await using w = await world(clock, { broker: { retryMsMin: 1_000, retryMsMax: 60_000 } });
  let tired = 0;
  for (let i = 0; i < 8; i++) {
    await clock.advanceUntil(() => w.broker.clients().length > 0, 70_000);
    w.broker.disconnectClients();
    await w.pass(100);
    tired = Math.max(tired, (await w.status()).retryInMs ?? 0);
  }
  let rested = 0;
  for (let i = 0; i < 8; i++) {
    await clock.advanceUntil(() => w.broker.clients().length > 0, 70_000);
    await w.pass(31_000);
    w.broker.disconnectClients();
    await w.pass(10);
    rested = Math.max(rested, (await w.status()).retryInMs ?? 0);
  }
  // the first pause is the gateway's place in a window of three seconds
  expect(rested).toBeLessThanOrEqual(4_000);
  expect(tired).toBeGreaterThan(8_000);
});

test("a broker that refuses MQTT 5 is spoken to in 3.1.1 at once, and from then on", async () => {
  await using w = await world(clock, { broker: { protocol: "auto" } });
  await w.pass(500);
  expect(await w.status()).toMatchObject({ state: "online", protocol: "3.1.1", attempts: 2 });
  expect(await fault(w)).toBeUndefined(); // nothing is wrong, and nothing is there for anyone to mend
  w.broker.disconnectClients();
  await w.pass(5_000);
  expect(await w.status()).toMatchObject({ state: "online", protocol: "3.1.1", attempts: 3, connects: 2 });
});

test("a broker that stops serving is noticed by what it leaves unanswered", async () => {
  await using w = await world(clock, { broker: { keepaliveS: 10 } });
  await w.pass(1_000);
  w.broker.freeze(true);
  w.field.sample("pump", [[0, 1]], now());
  await w.pass(30_000);
  const { code } = (await fault(w)) ?? {};
  expect(["UPLINK_MARK_UNACKNOWLEDGED", "UPLINK_KEEPALIVE_TIMEOUT"]).toContain(code);
  w.broker.freeze(false);
  await w.pass(70_000);
  expect((await w.status()).state).toBe("online");
});
