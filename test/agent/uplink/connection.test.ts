import { afterAll, beforeAll, expect, test } from "vitest";
import { HalError } from "../../../hal/error.ts";
import { demoPki } from "../../../scripts/pki/demo.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { gatewayMaterial, pki, virtualTime, world } from "./world.ts";
import type { World } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const now = (): number => clock.wall().unixMs;
const fault = async (w: World) => (await w.status()).lastFault;

test.each(["tcp", "tls"] as const)(
  "a broker that accepts %s and never answers is a timeout of its own",
  async (layer) => {
    await using w = await world(clock, { broker: { connectTimeoutMs: 5_000 } });
    w.broker.acceptAndNeverAnswer(layer);
    w.broker.disconnectClients();
    await w.pass(4_900);
    expect((await w.status()).state).toBe("connecting");
    await w.pass(200);
    const code = layer === "tcp" ? "UPLINK_TLS_TIMEOUT" : "UPLINK_CONNACK_TIMEOUT";
    expect(await fault(w)).toMatchObject({ code, message: expect.stringContaining("broker.test:8883") });
    expect((await w.status()).state).toBe("waiting");
    w.broker.answerAgain();
    await w.pass(10_000);
    expect((await w.status()).state).toBe("online");
  },
);

test("an address that swallows everything is a timeout of TCP", async () => {
  await using w = await world(clock, { broker: { connectTimeoutMs: 5_000 } });
  w.network.blackhole("broker.test", 8883);
  await w.pass(5_100);
  expect(await fault(w)).toMatchObject({ code: "UPLINK_TCP_TIMEOUT" });
});

test("the broker is refused where another authority vouches for it", async () => {
  await using w = await world(clock, { brokerMaterial: demoPki().broker("broker.test") });
  await w.pass(500);
  expect(await fault(w)).toMatchObject({
    code: "UPLINK_BROKER_UNTRUSTED",
    message: expect.stringContaining("uplink.broker.anchors"),
  });
  expect(w.host.heard).toEqual([]);
});

test("a broker with a good certificate for another name is refused as that", async () => {
  await using w = await world(clock, { brokerMaterial: pki.broker("elsewhere.test") });
  await w.pass(500);
  expect(await fault(w)).toMatchObject({
    code: "UPLINK_BROKER_WRONG_NAME",
    message: expect.stringMatching(/elsewhere\.test.*serverName/),
  });
});

test("a broker that hangs up on our certificate without a word leads to a fault that names it", async () => {
  await using w = await world(clock, {
    material: { ...demoPki().gateway("gw-1"), anchors: pki.ca },
  });
  await w.pass(500);
  expect(await fault(w)).toMatchObject({
    code: "UPLINK_CONNECT_CLOSED",
    message: expect.stringContaining("uplink.broker.certificate"),
  });
});

test("a CONNACK that says no is told with its reason", async () => {
  await using w = await world(clock, { material: pki.gateway("stranger") });
  await w.pass(500);
  expect(await fault(w)).toMatchObject({ code: "UPLINK_BROKER_REFUSED", message: expect.stringContaining("5") });
});

test("a closed port, an unknown name and our own missing key are faults with their own codes", async () => {
  await using w = await world(clock);
  w.network.refuse("broker.test", 8883);
  w.broker.disconnectClients();
  await w.pass(2_000);
  expect(await fault(w)).toMatchObject({ code: "HAL_CONNECT_REFUSED" });
  w.keeper.offer("digest-2", { ...w.part, broker: { ...w.part.broker, host: "nowhere.test" } });
  await w.pass(1_000);
  expect(await fault(w)).toMatchObject({
    code: "HAL_NAME_UNRESOLVED",
    message: expect.stringContaining("nowhere.test:8883"),
  });
});

test("material that cannot be had is a fault and is asked for again", async () => {
  let available = false;
  await using w = await world(clock, {
    materialSource: () =>
      available
        ? Promise.resolve(gatewayMaterial)
        : Promise.reject(new HalError("HAL_FILE_MISSING", "key.pem does not exist")),
  });
  await w.pass(500);
  expect(await fault(w)).toMatchObject({ code: "HAL_FILE_MISSING" });
  available = true;
  await w.pass(5_000);
  expect((await w.status()).state).toBe("online");
});

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
  for (let i = 0; i < 8; i++) {
    await clock.advanceUntil(() => w.broker.clients().length > 0, 70_000);
    w.broker.disconnectClients();
    await w.pass(100);
  }
  const tired = (await w.status()).retryInMs ?? 0;
  await clock.advanceUntil(() => w.broker.clients().length > 0, 70_000);
  await w.pass(31_000);
  w.broker.disconnectClients();
  await w.pass(10);
  const rested = (await w.status()).retryInMs ?? 0;
  expect(rested).toBeLessThanOrEqual(2_000);
  expect(tired).toBeGreaterThan(2_000);
});

test("a broker that refuses MQTT 5 is spoken to in 3.1.1 at once, and from then on", async () => {
  await using w = await world(clock, { broker: { protocol: "auto" } });
  await w.pass(500);
  expect(await w.status()).toMatchObject({ state: "online", protocol: "3.1.1", attempts: 2 });
  w.broker.disconnectClients();
  await w.pass(5_000);
  expect(await w.status()).toMatchObject({ state: "online", protocol: "3.1.1", attempts: 3, connects: 2 });
});

test("a configuration that insists on MQTT 5 is told what the broker refused", async () => {
  await using w = await world(clock, { broker: { protocol: "5" } });
  await w.pass(500);
  expect(await fault(w)).toMatchObject({
    code: "UPLINK_PROTOCOL_REFUSED",
    message: expect.stringContaining("protocol to auto"),
  });
});

test("a packet longer than allowed ends the connection when its length is announced", async () => {
  await using w = await world(clock, { broker: { packetBytesMax: 4_096 } });
  await w.pass(500);
  await w.broker.publish("spBv1.0/harbour/NCMD/gw-1", new Uint8Array(5_000));
  await w.pass(100);
  expect(await fault(w)).toMatchObject({ code: "UPLINK_PACKET_TOO_LARGE" });
  expect((await w.status()).oversizeMessages).toBe(1);
  await w.pass(5_000);
  expect((await w.status()).state).toBe("online");
});

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

test("a gateway that loses its connection is declared dead by its Will, with the bdSeq of that birth", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.broker.disconnectClients();
  await w.pass(10_000);
  expect(w.host.verbs("NBIRTH", "NDEATH")).toEqual(["NBIRTH", "NDEATH", "NBIRTH"]);
  const death = w.host.heard.find(({ verb }) => verb === "NDEATH");
  expect(death?.received).toMatchObject({ will: true, qos: 1, retain: false });
  expect(death?.payload.metrics[0]?.value).toBe(BigInt(w.host.births[0]?.bdSeq ?? -1));
  expect(w.host.births[1]?.bdSeq).toBe((w.host.births[0]?.bdSeq ?? 0) + 1);
});

test("bdSeq goes on over restarts and wraps after 255; the last good configuration is enough to start", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  await w.stopUplink();
  await w.keeper[Symbol.asyncDispose]();
  for (let i = 0; i < 257; i++) {
    w.startUplink();
    await w.pass(1_000);
    await w.stopUplink();
  }
  expect(w.host.births.map(({ bdSeq }) => bdSeq)).toEqual([...Array(256).keys(), 0, 1]);
  expect(w.host.breaches).toEqual([]);
});

test("a changed configuration says goodbye and connects anew; the same one again disturbs nothing", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.keeper.offer("digest-2", w.part);
  await w.pass(1_000);
  expect(w.keeper.answers.at(-1)).toEqual({ kind: "configured", digest: "digest-2" });
  expect(w.host.births).toHaveLength(1);
  w.keeper.offer("digest-3", { ...w.part, publishMs: 100 });
  await w.pass(3_000);
  expect(w.host.verbs("NBIRTH", "NDEATH")).toEqual(["NBIRTH", "NDEATH", "NBIRTH"]);
  expect(w.host.heard.find(({ verb }) => verb === "NDEATH")?.received.will).toBe(false);
  expect((await w.status()).configDigest).toBe("digest-3");
  expect(w.host.breaches).toEqual([]);
});

test("a configuration that is none is refused and the running one stays", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.keeper.offer("digest-2", { ...w.part, broker: { ...w.part.broker, port: 0 } });
  await w.pass(1_000);
  expect(w.keeper.answers.at(-1)).toMatchObject({
    digest: "digest-1",
    refused: { digest: "digest-2", code: "UPLINK_CONFIG_REFUSED" },
  });
  expect(await w.status()).toMatchObject({ state: "online", configDigest: "digest-1" });
  w.disk.failSyncs(1);
  w.keeper.offer("digest-3", { ...w.part, publishMs: 100 });
  await w.pass(1_000);
  expect(w.keeper.answers.at(-1)).toMatchObject({ digest: "digest-1", refused: { code: "UPLINK_STATE_FAILED" } });
});

test("a bdSeq that cannot be stored is a fault: no CONNECT is sent with one that a power cut would forget", async () => {
  await using w = await world(clock, { unconfigured: true });
  await w.pass(500);
  w.keeper.offer("digest-1", w.part);
  await clock.advanceUntil(() => w.keeper.answers.length > 1, 1_000);
  w.disk.failSyncs(1_000);
  w.broker.disconnectClients();
  await w.pass(20_000);
  expect(await fault(w)).toMatchObject({ code: "UPLINK_STATE_FAILED" });
  w.disk.failSyncs(0);
  await w.pass(61_000);
  expect((await w.status()).state).toBe("online");
});

test("without any configuration nothing is connected, and status says so", async () => {
  await using w = await world(clock, { unconfigured: true });
  await w.pass(5_000);
  expect(await w.status()).toMatchObject({ state: "unconfigured", attempts: 0, broker: "" });
  expect(w.keeper.answers).toEqual([{ kind: "configured", digest: "" }]);
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
