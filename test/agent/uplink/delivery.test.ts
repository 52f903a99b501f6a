import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../../simulator/clock.ts";
import { virtualTime, world } from "./world.ts";
import type { World } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const now = (): number => clock.wall().unixMs;
const fault = async (w: World) => (await w.status()).lastFault;

test("a mark that nobody acknowledges is the end of the connection; the values are sent again", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.broker.dropAcknowledgements(true);
  w.field.sample(
    "pump",
    [
      [0, 1],
      [0, 2],
    ],
    now(),
  );
  await w.pass(14_000);
  expect((await w.status()).connects).toBe(1);
  expect(w.field.acknowledged.cursors.get("pump")).toBeUndefined();
  await w.pass(2_000);
  expect(await fault(w)).toMatchObject({ code: "UPLINK_MARK_UNACKNOWLEDGED" });
  w.broker.dropAcknowledgements(false);
  await w.pass(5_000);
  expect(w.host.values.map(({ sequence, historical }) => [sequence, historical])).toEqual([
    [0, false],
    [1, false],
    [0, true],
    [1, true],
  ]);
  expect(w.field.acknowledged.cursors.get("pump")).toBe(1);
});

test("while marks go unanswered, publishing pauses and the credit stops growing", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.broker.dropAcknowledgements(true);
  const credit = w.field.credit();
  for (let i = 0; i < 40; i++) {
    w.field.sample("pump", [[0, i]], now());
    await w.pass(250);
  }
  expect(w.field.credit()).toBe(credit);
  expect((await w.status()).marksSent).toBe(8);
  w.broker.dropAcknowledgements(false);
  await w.pass(30_000);
  expect(w.field.held()).toBe(0);
  expect(new Set(w.host.values.map(({ sequence }) => sequence)).size).toBe(40);
});

test("after an outage the backlog goes out as history, in order, and hosts end up with the newest values", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.network.refuse("broker.test", 8883);
  w.broker.disconnectClients();
  for (let i = 0; i < 100; i++) {
    w.field.sample(
      "pump",
      [
        [0, i],
        [1, i / 10],
      ],
      now(),
    );
    await w.pass(1_000);
  }
  w.field.online("meter", false, now());
  w.network.restore("broker.test", 8883);
  await w.pass(61_000);
  const values = w.host.values;
  expect(values.map(({ sequence }) => sequence)).toEqual([...Array(200).keys()]);
  expect(values.every(({ historical }) => historical)).toBe(true);
  expect(w.host.current.get("pump/speed")).toBe(99);
  expect(w.field.held()).toBe(0);
  expect(w.host.breaches).toEqual([]);
});

test("values that only the field still had during the outage become the current ones once they have drained", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.network.refuse("broker.test", 8883);
  w.broker.disconnectClients();
  await w.pass(10);
  // more than the credit: the rest stays in the field's outbox until marks are acknowledged
  for (let i = 0; i < 30; i++)
    w.field.sample(
      "pump",
      Array.from({ length: 3_000 }, () => [0, i] as const),
      now() + i,
    );
  w.field.sample("pump", [[0, 777]], now() + 31);
  await w.pass(100);
  expect(w.field.credit()).toBe(60_000);
  w.network.restore("broker.test", 8883);
  await w.pass(70_000);
  expect(w.host.values.map(({ sequence }) => sequence)).toEqual([...Array(90_001).keys()]);
  expect(w.host.current.get("pump/speed")).toBe(777);
  expect(w.field.held()).toBe(0);
  expect(w.host.breaches).toEqual([]);
});

test("a goodbye is said with NDEATH and DISCONNECT, and nothing is left behind", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.field.sample("pump", [[0, 5]], now());
  await w.stopUplink();
  expect(w.host.verbs().slice(3)).toEqual(["DDATA pump", "NDEATH"]);
  expect(w.host.heard.at(-1)?.received.will).toBe(false);
  expect(w.host.marks.at(-1)?.sources).toEqual({ pump: 0 });
  expect(w.broker.clients()).toEqual([]);
  expect(w.host.breaches).toEqual([]);
});

test.each([1, 2, 3])(
  "no value is lost and none is missing over fifty disconnects at random (seed %i)",
  async (seed) => {
    await using w = await world(clock, { seed, broker: { retryMsMin: 100, retryMsMax: 2_000 } });
    await w.pass(1_000);
    let state = seed * 7_919;
    const chance = (): number => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state / 2_147_483_648;
    };
    let disconnects = 0;
    let sampled = 0;
    while (disconnects < 50) {
      const count = 1 + Math.floor(chance() * 5);
      w.field.sample(
        "pump",
        Array.from({ length: count }, (_, i) => [i % 2, sampled + i] as const),
        now(),
      );
      w.field.sample("meter", [[0, String(sampled)]], now());
      sampled += count;
      await w.pass(Math.floor(chance() * 400));
      if (chance() < 0.15) {
        disconnects += 1;
        if (chance() < 0.5) w.broker.disconnectClients();
        else w.network.cut("broker.test", 8883);
        if (chance() < 0.1) w.field.hangUp();
      }
    }
    await w.pass(30_000);
    expect(w.field.held()).toBe(0);
    for (const source of ["pump", "meter"]) {
      const seen = new Set(w.host.values.filter((value) => value.source === source).map(({ sequence }) => sequence));
      expect(seen.size).toBe(w.field.lastSequence(source) + 1);
      expect(w.field.acknowledged.cursors.get(source)).toBe(w.field.lastSequence(source));
    }
    expect(w.host.breaches).toEqual([]);
  },
);
