import { afterAll, beforeAll, expect, test } from "vitest";
import { demoPki } from "../../../../scripts/pki/demo.ts";
import { openTrafficStore } from "../../../../agent/uplink/traffic/store.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { virtualTime, world } from "../world.ts";
import type { World } from "../world.ts";

// made before any clock is virtual: certificates are valid in real time
const foreignMaterial = demoPki().broker("broker.test");

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const DAY_MS = 24 * 3_600_000;
const ALLOWANCE = 20_000;
const budget = { day: { live: ALLOWANCE }, month: {} };

async function live(w: World, samples: number, everyMs = 1_000): Promise<void> {
  for (let i = 0; i < samples; i++) {
    w.field.sample(
      "pump",
      [
        [0, i % 3000],
        [1, i / 3],
      ],
      clock.wall().unixMs,
    );
    await w.pass(everyMs);
  }
}

/** Sets the clock to the next midnight, and lets a minute pass. */
async function nextDay(w: World): Promise<void> {
  const nowMs = clock.wall().unixMs;
  clock.setWall(nowMs + DAY_MS - (nowMs % DAY_MS), "trusted");
  await w.pass(60_000);
}

test("what crosses is counted by class, and adds up to every byte under TLS", async () => {
  await using w = await world(clock);
  await live(w, 60);
  const { day, month } = await w.status();
  expect(day).toEqual(month);
  expect(day.live).toBeGreaterThan(60 * 30);
  expect(day.management).toBeGreaterThan(0);
  expect(day.history).toBe(0);
  expect(day.overhead).toBeGreaterThan(3_000); // the handshake with its certificates
  const before = day.live + day.history + day.management + day.overhead;
  await w.pass(600_000);
  const idle = await w.status();
  expect(idle.day.live).toBe(day.live);
  const total = idle.day.live + idle.day.history + idle.day.management + idle.day.overhead;
  // PINGREQ and PINGRESP, 24 bytes each in TLS, every half minute, and what management says meanwhile
  expect(total - before).toBeGreaterThanOrEqual(20 * 2 * 24);
  expect(idle.day.overhead - day.overhead).toBeLessThan(20 * 2 * 24 + 500);
});

test("a day's budget that is used up holds values until the next day, and none is lost", async () => {
  await using w = await world(clock, { part: { budget, publishMs: 1_000 } });
  await nextDay(w);
  await live(w, 700);
  const used = await w.status();
  expect(used.held).toEqual(["live"]);
  expect(used.day.live).toBeGreaterThanOrEqual(ALLOWANCE);
  expect(used.day.live).toBeLessThan(1.05 * ALLOWANCE);
  expect(w.field.held()).toBeGreaterThan(100);
  expect(used.state).toBe("online");
  await nextDay(w);
  const released = await w.status();
  expect(released.held).toEqual([]);
  expect(w.field.held()).toBe(0);
  const came = new Set(w.host.values.map(({ sequence }) => sequence));
  expect(came.size).toBe(w.field.lastSequence("pump") + 1);
  expect(w.host.breaches).toEqual([]);
  expect(w.host.marks.flatMap(({ gaps }) => gaps)).toEqual([]);
});

test("history over its budget waits for the next day, and hosts see what is current all the same", async () => {
  const PACKET_BYTES = 8_192;
  const allowed = { day: { history: 2_000 }, month: {} };
  await using w = await world(clock, {
    part: { budget: allowed, publishMs: 1_000 },
    broker: { retryMsMax: 2_000, packetBytesMax: PACKET_BYTES },
  });
  await nextDay(w);
  await w.broker.stop();
  await live(w, 2_000, 100);
  await w.broker.start();
  await w.pass(30_000);
  await live(w, 5);
  const status = await w.status();
  expect(status).toMatchObject({ state: "online", held: ["history"] });
  expect(status.day.history).toBeLessThan(2_000 + PACKET_BYTES + 100); // whatever is begun is ended
  expect(w.field.held()).toBeGreaterThan(100);
  expect(w.host.current.get("pump/speed")).toBe(4); // the last of five
  await nextDay(w);
  for (let i = 0; i < 20 && w.field.held() > 0; i++) await nextDay(w);
  expect(w.field.held()).toBe(0);
  expect(new Set(w.host.values.map(({ sequence }) => sequence)).size).toBe(w.field.lastSequence("pump") + 1);
  expect(w.host.marks.flatMap(({ gaps }) => gaps)).toEqual([]);
});

test("what was used is stored every ten minutes, and to the last byte at a goodbye", async () => {
  await using w = await world(clock, { part: { budget, publishMs: 1_000 } });
  const stored = async () => {
    const periods = await openTrafficStore(w.disk).read();
    return Object.values(periods?.day.used ?? {}).reduce((sum, bytes) => sum + bytes, 0);
  };
  await live(w, 20);
  expect(await stored()).toBe(0);
  await w.pass(600_000);
  const early = await stored();
  expect(early).toBeGreaterThan(5_000);
  await live(w, 30);
  const { day } = await w.status();
  await w.stopUplink();
  const all = Object.values(day).reduce((sum, bytes) => sum + bytes, 0);
  expect(await stored()).toBeGreaterThanOrEqual(all);
  expect(all).toBeGreaterThan(early);
});

test("handshakes that come to nothing are shown and stored while nobody serves", async () => {
  await using w = await world(clock, { brokerMaterial: foreignMaterial, broker: { retryMsMax: 10_000 } });
  await w.pass(600_000);
  const { day, month, connects } = await w.status();
  expect(connects).toBe(0);
  expect(day.overhead).toBeGreaterThan(50_000);
  expect(month).toEqual(day);
  const stored = (await openTrafficStore(w.disk).read())?.day.used.overhead ?? 0;
  expect(stored).toBeGreaterThan(day.overhead / 2);
});

test("where management's budget is used up values and their marks go on, and health is not said", async () => {
  const management = 1_500;
  await using w = await world(clock, { part: { budget: { day: { management }, month: {} }, publishMs: 1_000 } });
  await nextDay(w);
  await live(w, 60);
  expect(await w.status()).toMatchObject({ state: "online", held: ["management"] });
  const health = () => w.broker.record.kept.filter(({ topic }) => topic.endsWith("/health")).length;
  const said = health();
  const marks = w.host.marks.length;
  await live(w, 900);
  expect(health()).toBe(said);
  expect(w.host.marks.length - marks).toBeGreaterThanOrEqual(890);
  expect(w.field.held()).toBeLessThanOrEqual(1);
  expect((await w.status()).day.management).toBeGreaterThan(10 * management);
});

test("neither a restart nor a clock set to and fro refills a budget", async () => {
  await using w = await world(clock, { part: { budget, publishMs: 1_000 } });
  await nextDay(w);
  await live(w, 700);
  const used = (await w.status()).day.live;
  expect(used).toBeGreaterThanOrEqual(ALLOWANCE);
  await w.stopUplink();
  w.startUplink();
  await w.pass(5_000);
  const restarted = await w.status();
  expect(restarted.held).toEqual(["live"]);
  expect(restarted.day.live).toBeGreaterThanOrEqual(used);
  const nowMs = clock.wall().unixMs;
  clock.setWall(nowMs - 3 * DAY_MS, "trusted");
  await w.pass(5_000);
  expect((await w.status()).held).toEqual(["live"]);
  clock.setWall(nowMs, "trusted");
  await w.pass(5_000);
  expect((await w.status()).held).toEqual(["live"]);
  clock.setWall(nowMs + 3 * DAY_MS, "untrusted");
  await w.pass(5_000);
  expect((await w.status()).held).toEqual(["live"]);
  clock.setWall(nowMs, "trusted");
});

test("a month's budget goes on over its days", async () => {
  await using w = await world(clock, { part: { budget: { day: {}, month: { live: ALLOWANCE } }, publishMs: 1_000 } });
  clock.setWall(Date.UTC(2026, 2, 10), "trusted");
  await w.pass(2_000);
  await live(w, 700);
  expect((await w.status()).held).toEqual(["live"]);
  await nextDay(w);
  const tomorrow = await w.status();
  expect(tomorrow.held).toEqual(["live"]);
  // the births that say which time now holds
  expect(tomorrow.day.live).toBeLessThan(2_000);
  clock.setWall(Date.UTC(2026, 3, 1), "trusted");
  await w.pass(5_000);
  expect((await w.status()).held).toEqual([]);
  expect(w.field.held()).toBe(0);
});

test("a broker's inbound rate is kept in every second, and everything arrives", async () => {
  const publishesPerSecondMax = 20;
  await using w = await world(clock, { broker: { publishesPerSecondMax } });
  await w.pass(5_000);
  const since = w.broker.record.kept.length;
  const timeMs = clock.wall().unixMs;
  for (let i = 0; i < 20_000; i++) w.field.sample("pump", [[0, i % 3000]], timeMs);
  await w.pass(600_000);
  expect(w.field.held()).toBe(0);
  const at = w.broker.record.kept.slice(since).map(({ atMs }) => atMs);
  const busiest = Math.max(...at.map((begin, i) => at.slice(i).filter((one) => one < begin + 1_000).length));
  expect(busiest).toBeGreaterThan(publishesPerSecondMax / 3);
  expect(busiest).toBeLessThanOrEqual(publishesPerSecondMax + 2);
});
