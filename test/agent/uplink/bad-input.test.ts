import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WINDOW_VALUES } from "../../../agent/uplink/session/limits.ts";
import { encodePayload } from "../../../agent/uplink/sparkplug/encode.ts";
import { openLimitedBroker } from "../../../simulator/broker/index.ts";
import type { LimitedBroker } from "../../../simulator/broker/index.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { PROFILES } from "../../../agent/config/profiles/index.ts";
import { profileWorld } from "./profile-world.ts";
import { pki, virtualTime } from "./world.ts";
import type { World } from "./world.ts";

const clock = virtualClock();
const otherMaterial = pki.broker("other.test");
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const MINUTE_MS = 60_000;
/** In ten minutes with pauses from 1 to 60 s: a handful while they grow, then hardly two a minute. */
const ATTEMPTS_IN_TEN_MINUTES = 30;
const MEGABYTE = 1_048_576;
const NCMD = "spBv1.0/harbour/NCMD/gw-1";

const now = (): number => clock.wall().unixMs;
type Hostile = World<LimitedBroker>;
const hostile = (protocol: "5" | "3.1.1"): Promise<Hostile> => profileWorld(clock, "generic", { broker: { protocol } });

/** Samples a value a second for so long. */
async function sampleFor(w: Hostile, ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += 1_000) {
    w.field.sample("pump", [[0, passedMs / 1_000]], now());
    await w.pass(1_000);
  }
}

/** Every value sampled so far has reached the host, and the field has been told. */
async function expectEverything(w: Hostile): Promise<void> {
  await w.pass(2 * MINUTE_MS);
  expect((await w.status()).state).toBe("online");
  const seen = new Set(w.host.values.filter(({ source }) => source === "pump").map(({ sequence }) => sequence));
  expect(seen.size).toBe(w.field.lastSequence("pump") + 1);
  expect(w.field.held()).toBe(0);
  expect(w.field.acknowledged.cursors.get("pump")).toBe(w.field.lastSequence("pump"));
  expect(w.host.marks.flatMap(({ gaps }) => gaps)).toEqual([]);
}

const codeOf = async (w: Hostile): Promise<string | undefined> => (await w.status()).lastFault?.code;

describe.each(["5", "3.1.1"] as const)("over MQTT %s", (protocol) => {
  test("two brokers that redirect to each other are not followed, and not hammered", async () => {
    await using w = await hostile(protocol);
    await using other = await openLimitedBroker({
      clock,
      network: w.network,
      target: { kind: "tcp", host: "other.test", port: 8883 },
      material: otherMaterial,
      access: () => ({ publish: ["#"], subscribe: ["#"] }),
      limits: PROFILES.generic.limits,
    });
    w.broker.mischief.redirectTo = "other.test:8883";
    other.mischief.redirectTo = "broker.test:8883";
    await w.pass(1_000);
    w.broker.disconnectClients();
    const before = w.broker.connects;
    await sampleFor(w, 10 * MINUTE_MS);
    expect(await codeOf(w)).toBe(protocol === "5" ? "UPLINK_BROKER_MOVED" : "UPLINK_BROKER_REFUSED");
    expect(other.connects).toBe(0);
    expect(w.broker.connects - before).toBeLessThan(ATTEMPTS_IN_TEN_MINUTES);
    w.broker.mischief.redirectTo = undefined;
    await expectEverything(w);
  });

  test("a broker that never acknowledges gets a bounded number of values, over and over but not often", async () => {
    await using w = await hostile(protocol);
    await w.pass(1_000);
    w.broker.mischief.keepAcknowledgements = true;
    for (let i = 0; i < 100; i++) {
      w.field.sample(
        "pump",
        Array.from({ length: 1_000 }, () => [0, i] as const),
        now(),
      );
    }
    const before = w.broker.connects;
    await w.pass(10 * MINUTE_MS);
    expect(await codeOf(w)).toBe("UPLINK_MARK_UNACKNOWLEDGED");
    expect(w.field.credit()).toBe(WINDOW_VALUES);
    expect(w.field.held()).toBe(100_000);
    expect(w.broker.connects - before).toBeLessThan(ATTEMPTS_IN_TEN_MINUTES);
    w.broker.mischief.keepAcknowledgements = false;
    await expectEverything(w);
  });

  test("a broker that closes at every second publish is met with longer and longer pauses", async () => {
    await using w = await hostile(protocol);
    await w.pass(1_000);
    w.broker.mischief.closeAtEveryPublish = 2;
    const before = w.broker.connects;
    await sampleFor(w, 10 * MINUTE_MS);
    expect(await codeOf(w)).toBe("UPLINK_CONNECTION_LOST");
    expect(w.broker.connects - before).toBeLessThan(ATTEMPTS_IN_TEN_MINUTES);
    expect(w.field.credit()).toBeLessThanOrEqual(2 * WINDOW_VALUES);
    w.broker.mischief.closeAtEveryPublish = undefined;
    await expectEverything(w);
  });

  test("a message that is too long is cut off when it is announced; where each connection brings one, commands wait an hour", async () => {
    await using w = await hostile(protocol);
    await w.pass(1_000);
    const payload = new Uint8Array(protocol === "5" ? MEGABYTE : 3 * MEGABYTE);
    w.broker.mischief.greetings = [{ topic: NCMD, payload }];
    w.broker.disconnectClients();
    await sampleFor(w, MINUTE_MS);
    expect(await w.status()).toMatchObject({
      state: "online",
      connects: 5,
      oversizeMessages: 3,
      lastFault: { code: "UPLINK_COMMANDS_UNHEARD" },
    });
    await sampleFor(w, 50 * MINUTE_MS);
    await w.rebirth();
    expect(await w.status()).toMatchObject({ state: "online", connects: 5, births: 5 });
    w.broker.mischief.greetings = [];
    await sampleFor(w, 10 * MINUTE_MS);
    await w.rebirth();
    expect(await w.status()).toMatchObject({ state: "online", connects: 5, births: 6 });
    await expectEverything(w);
  });

  test("retained garbage at every connection is counted and changes nothing, a retained rebirth neither", async () => {
    await using w = await hostile(protocol);
    const rebirth = encodePayload({
      timestamp: 1,
      metrics: [{ name: "Node Control/Rebirth", type: 11, value: true }],
    });
    const garbage = Array.from({ length: 50 }, (_, i) =>
      Uint8Array.from({ length: 1 + i * 20 }, (_v, j) => (i * j) % 251),
    );
    w.broker.mischief.greetings = [...garbage, rebirth].map((payload) => ({ topic: NCMD, payload }));
    await w.pass(1_000);
    for (let i = 0; i < 3; i++) {
      w.broker.disconnectClients();
      await sampleFor(w, MINUTE_MS);
    }
    const status = await w.status();
    expect(status).toMatchObject({ state: "online", connects: 4, births: 4, rebirthsRefused: 0, writesRefused: 0 });
    expect(status.malformedMessages).toBeGreaterThan(0);
    await expectEverything(w);
  });

  test("a SUBACK for somebody else's SUBSCRIBE is none: the attempt ends at its deadline", async () => {
    await using w = await hostile(protocol);
    w.broker.mischief.misnumberSubacks = true;
    await w.pass(1_000);
    w.broker.disconnectClients();
    const before = w.broker.connects;
    await sampleFor(w, 10 * MINUTE_MS);
    expect(["UPLINK_SUBACK_TIMEOUT", "UPLINK_PROTOCOL_ERROR"]).toContain(await codeOf(w));
    expect(w.broker.connects - before).toBeLessThan(ATTEMPTS_IN_TEN_MINUTES);
    w.broker.mischief.misnumberSubacks = false;
    await expectEverything(w);
  });

  test("acknowledgements said three times, and for messages that never were, acknowledge nothing more", async () => {
    await using w = await hostile(protocol);
    await w.pass(1_000);
    w.broker.mischief.chatter = true;
    await sampleFor(w, 30_000);
    await expectEverything(w);
    const status = await w.status();
    expect(status).toMatchObject({ state: "online", connects: 1 });
    expect(status.lastFault).toBeUndefined();
    expect(status.marksAcknowledged).toBe(status.marksSent);
  });
});

test("a message of 1 MB on the command topic of MQTT 3.1.1 is dropped and counted, and commands are heard on", async () => {
  await using w = await hostile("3.1.1");
  await w.pass(1_000);
  const payload = new Uint8Array(MEGABYTE);
  await w.broker.publish(NCMD, payload, { qos: 1 });
  await sampleFor(w, 10_000);
  expect(await w.status()).toMatchObject({ state: "online", connects: 1, oversizeMessages: 1 });
  w.broker.mischief.greetings = Array.from({ length: 40 }, () => ({ topic: NCMD, payload }));
  w.broker.disconnectClients();
  await sampleFor(w, MINUTE_MS);
  expect(await w.status()).toMatchObject({ state: "online", connects: 2, oversizeMessages: 41, malformedMessages: 0 });
  await w.rebirth();
  expect(await w.status()).toMatchObject({ connects: 2, births: 3 });
  await expectEverything(w);
});

test("MQTT 5 names a forbidden mark: nothing counts as delivered until the rules are mended, and attempts grow rarer", async () => {
  const own = "holdfast/v1/harbour/gw-1";
  const publish = ["spBv1.0/#", `${own}/health`, `${own}/version`, `${own}/config`];
  await using w = await profileWorld(clock, "generic", {
    broker: { protocol: "5" },
    access: { publish, subscribe: ["spBv1.0/#"] },
  });
  await w.pass(1_000);
  const before = w.broker.connects;
  await sampleFor(w, 10 * MINUTE_MS);
  const { lastFault } = await w.status();
  expect(lastFault).toMatchObject({
    code: "UPLINK_PUBLISH_REFUSED",
    message: expect.stringContaining(`${own}/mark`),
  });
  expect(w.field.held()).toBe(600);
  expect(w.field.acknowledged.cursors.get("pump")).toBeUndefined();
  expect(w.broker.connects - before).toBeLessThan(ATTEMPTS_IN_TEN_MINUTES);
  publish.push(`${own}/mark`);
  await expectEverything(w);
});

// MQTT has no answer to QoS 0, and 3.1.1 none to what is forbidden: to the gateway these brokers look like honest ones.
// `holdfast uplink test` finds them with an echo; see docs/operate/connect-your-broker.md.
test("what a broker acknowledges and forgets is taken for delivered, and nothing worse happens", async () => {
  await using w = await hostile("5");
  w.broker.mischief.swallow = (topic) => topic.includes("/DDATA/") || topic.includes("NCMD");
  await w.pass(1_000);
  await sampleFor(w, 10_000);
  expect(await w.status()).toMatchObject({ state: "online", connects: 1 });
  expect(w.host.values).toEqual([]);
  expect(w.field.acknowledged.cursors.get("pump")).toBe(9);
  w.broker.mischief.swallow = undefined;
  await sampleFor(w, 10_000);
  expect(w.host.values.map(({ sequence }) => sequence)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
});
