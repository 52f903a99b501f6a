import { afterAll, beforeAll, expect, test } from "vitest";
import { PROFILES } from "../../../../agent/config/profiles/index.ts";
import { gatewayAccess, openLimitedBroker } from "../../../../simulator/broker/index.ts";
import type { Limits } from "../../../../simulator/broker/limited/limits.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { virtualTime, world, worldOn } from "../world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const broker = { keepaliveS: 60, keepaliveSMin: 15, retryMsMin: 1_000, retryMsMax: 5_000 };

test("behind a NAT that forgets after 40 s the pause between pings shrinks until the connection holds", async () => {
  await using w = await world(clock, { broker });
  w.network.forgetAfter(40_000);
  await w.pass(500);
  expect((await w.status()).pingS).toBe(60);
  await w.pass(10 * 60_000);
  const settled = await w.status();
  expect(settled).toMatchObject({ state: "online", connects: 3, pingS: 33 });
  await w.pass(3_600_000);
  expect(await w.status()).toMatchObject({ state: "online", connects: 3 });
});

test("what was learnt of a NAT holds over a restart", async () => {
  await using w = await world(clock, { broker });
  w.network.forgetAfter(40_000);
  await w.pass(10 * 60_000);
  await w.stopUplink();
  w.startUplink();
  await w.pass(3_600_000);
  expect(await w.status()).toMatchObject({ state: "online", connects: 1, pingS: 33 });
});

test("shorter pauses also find a dead connection sooner than the broker's keep-alive would", async () => {
  await using w = await world(clock, { broker });
  w.network.forgetAfter(40_000);
  await w.pass(10 * 60_000);
  const { connects } = await w.status();
  w.network.blackhole("broker.test", 8883);
  await w.pass(33_000 + 15_000 + 2_000);
  expect(await w.status()).toMatchObject({ lastFault: { code: "UPLINK_KEEPALIVE_TIMEOUT" }, connects });
  expect((await w.status()).state).not.toBe("online");
  w.network.restore("broker.test", 8883);
});

test("a longer pause is tried after a day, and given up at once where the NAT still forgets", async () => {
  await using w = await world(clock, { broker, part: { publishMs: 1_000 } });
  w.network.forgetAfter(40_000);
  await w.pass(3_600_000);
  const { connects } = await w.status();
  await w.pass(24 * 3_600_000);
  expect(await w.status()).toMatchObject({ state: "online", connects: connects + 1, pingS: 33 });
});

test("an outage of the network is not blamed on silence", async () => {
  await using w = await world(clock, { broker });
  await w.pass(100_000);
  w.network.blackhole("broker.test", 8883);
  await w.pass(10 * 60_000);
  expect((await w.status()).state).not.toBe("online");
  w.network.restore("broker.test", 8883);
  await w.pass(30_000);
  expect(await w.status()).toMatchObject({ state: "online", pingS: 60 });
});

/** A broker of MQTT 5 that decides on the keep-alive itself, and ends whoever does not follow. */
const deciding = (limits: Partial<Limits>) =>
  worldOn(
    (place) => {
      const access = gatewayAccess({ group: "harbour", edgeNode: "gw-1", site: "harbour", device: "gw-1" });
      return openLimitedBroker({ ...place, access: () => access, limits: { ...PROFILES.mosquitto.limits, ...limits } });
    },
    clock,
    { broker: { ...broker, protocol: "5" }, part: { publishMs: 1_000 } },
  );

test("a shorter keep-alive that the broker decides on is kept", async () => {
  await using w = await deciding({ keepaliveSMax: 20 });
  await w.pass(10 * 60_000);
  expect(await w.status()).toMatchObject({ state: "online", protocol: "5", connects: 1, pingS: 20 });
});

test("a longer keep-alive that the broker decides on pings no less for a NAT that forgets", async () => {
  await using w = await deciding({ keepaliveSMin: 600 });
  w.network.forgetAfter(40_000);
  await w.pass(10 * 60_000);
  const settled = await w.status();
  expect(settled).toMatchObject({ state: "online", connects: 3, pingS: 33 });
  await w.pass(3_600_000);
  expect(await w.status()).toMatchObject({ state: "online", connects: 3 });
});

test("a broker that wants no keep-alive is pinged for the NAT on the way all the same", async () => {
  await using w = await deciding({ keepaliveSMax: 0 });
  w.network.forgetAfter(40_000);
  await w.pass(10 * 60_000);
  expect(await w.status()).toMatchObject({ state: "online", connects: 3, pingS: 33 });
});
