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

const HOUR_MS = 3_600_000;
/** A ClientHello with X25519MLKEM768 is longer than one packet, one with X25519 alone is not. */
const ONE_PACKET_BYTES = 1_200;
const broker = { connectTimeoutMs: 5_000, retryMsMin: 1_000, retryMsMax: 5_000 };
const part = { publishMs: 1_000, returnMs: HOUR_MS };

async function stalledWorld(more: Partial<typeof broker> & { hybridOnly?: boolean } = {}): Promise<World> {
  const w = await world(clock, { broker: { ...broker, ...more }, part });
  w.network.dropLongBeginnings(ONE_PACKET_BYTES);
  w.network.cut("broker.test", 8883);
  return w;
}

test("the hybrid is offered, and shown", async () => {
  await using w = await world(clock, { broker, part });
  await w.pass(1_000);
  expect(await w.status()).toMatchObject({ state: "online", hybridStalled: false, tls: { group: "X25519MLKEM768" } });
});

test("after three hybrid handshakes that stall X25519 alone is offered, and shown", async () => {
  await using w = await stalledWorld();
  await w.pass(20_000);
  expect(await w.status()).toMatchObject({ connects: 0, hybridStalled: false });
  await w.pass(20_000);
  expect(await w.status()).toMatchObject({
    state: "online",
    attempts: 4,
    hybridStalled: true,
    tls: { version: "TLSv1.3", group: "X25519" },
  });
});

test("a network that resets what begins too long is taken for one that stalls", async () => {
  await using w = await world(clock, { broker, part });
  w.network.dropLongBeginnings(ONE_PACKET_BYTES, "reset");
  w.network.cut("broker.test", 8883);
  await w.pass(2_000);
  expect(await w.status()).toMatchObject({ connects: 0, hybridStalled: false, lastFault: { code: "HAL_TLS_FAILED" } });
  await w.pass(30_000);
  expect(await w.status()).toMatchObject({ state: "online", hybridStalled: true, tls: { group: "X25519" } });
});

test("a restart remembers, and a day later the hybrid is tried without a connection being lost", async () => {
  await using w = await stalledWorld();
  await w.pass(40_000);
  await w.stopUplink();
  w.startUplink();
  await w.pass(1_000);
  expect(await w.status()).toMatchObject({ state: "online", attempts: 1, hybridStalled: true });
  await w.pass(26 * HOUR_MS);
  expect(await w.status()).toMatchObject({ state: "online", connects: 1, hybridStalled: true });
  w.network.dropLongBeginnings(undefined);
  await w.pass(26 * HOUR_MS);
  expect(await w.status()).toMatchObject({
    state: "online",
    connects: 2,
    hybridStalled: false,
    tls: { group: "X25519MLKEM768" },
  });
});

test("a broker of which hybrid alone is wanted is never offered anything else", async () => {
  await using w = await stalledWorld({ hybridOnly: true });
  await w.pass(10 * 60_000);
  expect(await w.status()).toMatchObject({
    connects: 0,
    hybridStalled: false,
    lastFault: { code: "UPLINK_TLS_TIMEOUT" },
  });
  expect(w.broker.counters.accepted).toBeGreaterThan(20);
});

test("a broker that answers no handshake at all is not taken for a way on which the hybrid stalls", async () => {
  await using w = await world(clock, { broker, part });
  w.broker.acceptAndNeverAnswer("tcp");
  await w.pass(60_000);
  expect(await w.status()).toMatchObject({ connects: 0, hybridStalled: false });
  w.broker.answerAgain();
  await w.pass(60_000);
  expect(await w.status()).toMatchObject({ state: "online", hybridStalled: false });
});
