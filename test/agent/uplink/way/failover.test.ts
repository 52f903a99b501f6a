import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../../../simulator/clock.ts";
import { FIRST, SPARE, openSpare, twoBrokers } from "../spare-broker.ts";
import { virtualTime, world } from "../world.ts";
import type { World } from "../world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const RETURN_MS = 60_000;
const part = { brokers: twoBrokers(), returnMs: RETURN_MS };

/** Samples a value every second for so long. */
async function live(w: World, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    w.field.sample("pump", [[0, i]], clock.wall().unixMs);
    await w.pass(1_000);
  }
}

function everyValueCame(w: World): void {
  const came = new Set(w.host.values.filter(({ source }) => source === "pump").map(({ sequence }) => sequence));
  const missing = Array.from({ length: w.field.lastSequence("pump") + 1 }, (_, i) => i).filter((i) => !came.has(i));
  expect(missing).toEqual([]);
  expect(w.field.held()).toBe(0);
}

test("a second broker serves within seconds of the loss of the first, which is returned to as soon as it answers", async () => {
  await using w = await world(clock, { part });
  await using spare = await openSpare(w);
  await live(w, 40);
  expect(await w.status()).toMatchObject({
    state: "online",
    broker: `mqtts://${FIRST}:8883`,
    brokers: [{ state: "serving" }, { state: "standby" }],
  });
  await w.broker.stop();
  await live(w, 6);
  expect(await w.status()).toMatchObject({
    state: "online",
    broker: `mqtts://${SPARE}:8883`,
    brokers: [{ state: "away", lastFault: { code: "HAL_CONNECT_REFUSED" } }, { state: "serving" }],
  });
  await live(w, 2 * (RETURN_MS / 1_000));
  expect((await w.status()).connects).toBe(2); // the first is looked at, and nothing is disturbed
  await w.broker.start();
  await live(w, 1.25 * (RETURN_MS / 1_000) + 2);
  const status = await w.status();
  expect(status).toMatchObject({
    broker: `mqtts://${FIRST}:8883`,
    connects: 3,
    brokers: [{ state: "serving" }, { state: "standby" }],
  });
  expect(spare.clients()).toEqual([]);
  await w.pass(2_000);
  everyValueCame(w);
  expect(w.host.breaches).toEqual([]);
  // left with a death, not with a Will
  expect(spare.record.kept.filter(({ topic, will }) => topic.includes("NDEATH") && !will)).toHaveLength(1);
});

test("a broker that answers TLS and serves nobody costs one interruption, and each next one is rarer", async () => {
  await using w = await world(clock, { part });
  await using spare = await openSpare(w);
  w.broker.acceptAndNeverAnswer("tls");
  await live(w, 30);
  expect((await w.status()).broker).toBe(`mqtts://${SPARE}:8883`);
  const interruptions = async (seconds: number): Promise<number> => {
    const { connects } = await w.status();
    await live(w, seconds);
    return (await w.status()).connects - connects;
  };
  const first = await interruptions(600);
  const later = await interruptions(600);
  expect(first).toBeGreaterThanOrEqual(1);
  expect(first).toBeLessThanOrEqual(4);
  expect(later).toBeLessThanOrEqual(1);
  expect((await w.status()).broker).toBe(`mqtts://${SPARE}:8883`);
  await w.pass(2_000);
  everyValueCame(w);
  expect(spare.clients()).toHaveLength(1);
});

test("where every broker fails each is tried once in a round, and rounds become rarer", async () => {
  await using w = await world(clock, {
    part: { ...part, brokers: twoBrokers({ retryMsMin: 1_000, retryMsMax: 60_000 }) },
  });
  await using spare = await openSpare(w);
  await w.broker.stop();
  await spare.stop();
  await w.pass(60_000);
  const { attempts } = await w.status();
  await w.pass(600_000);
  const status = await w.status();
  expect(status).toMatchObject({ brokers: [{ state: "away" }, { state: "away" }] });
  const more = status.attempts - attempts;
  expect(more % 2).toBe(0);
  expect(more).toBeGreaterThanOrEqual(2 * 10);
  expect(more).toBeLessThanOrEqual(2 * 60);
  await spare.start();
  await w.pass(60_000);
  expect(await w.status()).toMatchObject({ state: "online", broker: `mqtts://${SPARE}:8883` });
});

test("a broker that accepts and hangs up at once, again and again, is left for the next one and not hammered", async () => {
  await using w = await world(clock, { part: { ...part, returnMs: 3_600_000 } });
  await using spare = await openSpare(w);
  await w.pass(500);
  let hangUps = 0;
  for (let i = 0; i < 20; i++) {
    if (w.broker.clients().length > 0) {
      hangUps += 1;
      w.broker.disconnectClients();
    }
    await w.pass(1_000);
  }
  expect(hangUps).toBe(1);
  expect(spare.clients()).toHaveLength(1);
});

test("an uplink that is stopped on its second broker says goodbye there, and begins with the first", async () => {
  await using w = await world(clock, { part });
  await using spare = await openSpare(w);
  await w.pass(500);
  w.network.refuse(FIRST, 8883);
  w.broker.disconnectClients();
  await live(w, 40);
  expect(spare.clients()).toHaveLength(1);
  w.network.restore(FIRST, 8883);
  await w.stopUplink();
  expect(spare.record.kept.findLast(({ topic }) => topic.includes("NDEATH"))).toMatchObject({ will: false });
  w.startUplink();
  await w.pass(2_000);
  expect((await w.status()).broker).toBe(`mqtts://${FIRST}:8883`);
});

test("a primary host that is at the second broker is found there, and the first is not tried oftener than it is worth", async () => {
  const sparkplug = { group: "harbour", edgeNode: "gw-1", primaryHost: "scada" };
  await using w = await world(clock, { part: { ...part, sparkplug } });
  await using spare = await openSpare(w);
  const state = (online: boolean) => Buffer.from(JSON.stringify({ online, timestamp: clock.wall().unixMs }));
  await w.broker.publish("spBv1.0/STATE/scada", state(false), { qos: 1, retain: true });
  await spare.publish("spBv1.0/STATE/scada", state(true), { qos: 1, retain: true });
  await live(w, 20);
  expect(await w.status()).toMatchObject({
    state: "online",
    broker: `mqtts://${SPARE}:8883`,
    brokers: [{ state: "away", lastFault: { code: "UPLINK_PRIMARY_HOST_AWAY" } }, { state: "serving" }],
  });
  const { connects } = await w.status();
  await live(w, 900);
  expect((await w.status()).connects - connects).toBeLessThanOrEqual(2 * 5);
  await w.broker.publish("spBv1.0/STATE/scada", state(true), { qos: 1, retain: true });
  await spare.publish("spBv1.0/STATE/scada", state(false), { qos: 1, retain: true });
  await live(w, 5);
  expect(await w.status()).toMatchObject({ state: "online", broker: `mqtts://${FIRST}:8883` });
  await live(w, 40);
  const { attempts } = await w.status();
  await w.broker.publish("spBv1.0/STATE/scada", state(false), { qos: 1, retain: true });
  await spare.publish("spBv1.0/STATE/scada", state(true), { qos: 1, retain: true });
  await live(w, 2);
  // however long the connection had held: the host is not there
  expect(await w.status()).toMatchObject({
    state: "online",
    broker: `mqtts://${SPARE}:8883`,
    attempts: attempts + 1,
  });
  await w.pass(2_000);
  everyValueCame(w);
});
