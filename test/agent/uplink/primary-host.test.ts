import { afterAll, beforeAll, expect, test } from "vitest";
import { STATE_AHEAD_MS_MAX, STATE_BYTES_MAX, primaryHost } from "../../../agent/uplink/session/primary-host.ts";
import { HOST_SILENCE_MS_MAX } from "../../../agent/uplink/session/limits.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { virtualTime, world } from "./world.ts";
import type { World } from "./world.ts";
import { stage } from "./tck/situation.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const now = (): number => clock.wall().unixMs;
const TOPIC = "spBv1.0/STATE/scada";
const SPARKPLUG = { group: "harbour", edgeNode: "gw-1", primaryHost: "scada" };
const state = (online: boolean, timestamp: number) => Buffer.from(JSON.stringify({ online, timestamp }));

async function say(w: World, payload: Uint8Array): Promise<void> {
  await w.broker.publish(TOPIC, payload, { retain: true, qos: 1 });
  await w.pass(300);
}

test("while the primary host is away nothing is published, values wait in field, and none is lost", async () => {
  await using w = await world(clock, { part: { sparkplug: SPARKPLUG } });
  await w.pass(1_000);
  expect(await w.status()).toMatchObject({ state: "waiting-for-host", primaryHost: { id: "scada", state: "unknown" } });
  for (let i = 0; i < 20; i++) w.field.sample("pump", [[0, i]], now());
  await w.pass(60_000);
  expect(w.broker.record.kept).toEqual([]);
  expect(w.field.held()).toBe(20);
  await say(w, state(true, now()));
  expect(await w.status()).toMatchObject({ state: "online", primaryHost: { id: "scada", state: "online" } });
  expect(w.host.values.map(({ sequence, historical }) => [sequence, historical])).toEqual(
    Array.from({ length: 20 }, (_, i) => [i, true]),
  );
  expect(w.field.held()).toBe(0);
  await say(w, state(false, now()));
  w.field.sample("pump", [[0, 99]], now());
  await w.pass(120_000);
  expect(w.host.values).toHaveLength(20);
  expect(await w.status()).toMatchObject({ state: "waiting-for-host", primaryHost: { state: "offline" } });
  expect((await w.status()).lastFault).toMatchObject({
    code: "UPLINK_PRIMARY_HOST_AWAY",
    message: expect.stringMatching(/scada is offline; check that the host application runs/),
  });
  await say(w, state(true, now()));
  await w.pass(1_000);
  expect(w.host.values.map(({ sequence }) => sequence)).toEqual([...Array(21).keys()]);
  expect(w.host.births.map(({ bdSeq }) => bdSeq)).toHaveLength(2);
  expect(w.host.breaches).toEqual([]);
});

test("once the death is said nothing goes any more, however long its acknowledgement takes", async () => {
  await using w = await world(clock, { part: { sparkplug: SPARKPLUG } });
  await w.pass(1_000);
  await say(w, state(true, now()));
  w.broker.dropAcknowledgements(true);
  await w.broker.publish(TOPIC, state(false, now()), { retain: true, qos: 1 });
  for (let i = 0; i < 9; i++) {
    w.field.sample("pump", [[0, i]], now());
    await w.pass(100);
  }
  expect(w.host.verbs().at(-1)).toBe("NDEATH");
  w.broker.dropAcknowledgements(false);
  await say(w, state(true, now()));
  await w.pass(10_000);
  expect(w.host.values.map(({ sequence }) => sequence)).toEqual([...Array(9).keys()]);
  expect(w.host.breaches).toEqual([]);
});

test("garbage, retained garbage and oversize in place of a STATE are counted and change nothing", async () => {
  await using w = await world(clock, { part: { sparkplug: SPARKPLUG } });
  const garbage = ["", "ONLINE", "null", "[]", "{}", '{"online":true}', '{"online":1,"timestamp":5}'];
  const numbers = [
    '{"online":true,"timestamp":"5"}',
    '{"online":true,"timestamp":-1}',
    '{"online":true,"timestamp":1e300}',
  ];
  const before = [...garbage, ...numbers];
  await w.pass(1_000);
  for (const text of before) await say(w, Buffer.from(text));
  await say(w, Buffer.alloc(STATE_BYTES_MAX + 1, "x"));
  // a retained message without content is none, and brokers keep it to themselves or not
  const { malformedMessages, oversizeMessages } = await w.status();
  expect([malformedMessages, oversizeMessages]).toEqual([before.length, 1]);
  expect(w.host.births).toEqual([]);
  w.broker.disconnectClients();
  await w.pass(5_000);
  expect((await w.status()).oversizeMessages).toBe(2); // it was retained
  await say(w, state(true, now()));
  expect(w.host.births).toHaveLength(1);
});

test("a STATE from far ahead is no STATE for a clock that is trusted: it would outlive every honest one", () => {
  const host = primaryHost("scada");
  const trusted = { unixMs: 1_000_000, trust: "trusted" } as const;
  const ahead = trusted.unixMs + STATE_AHEAD_MS_MAX;
  expect(host.hear(state(true, ahead + 1), trusted)).toBe("malformed");
  expect(host.hear(state(true, trusted.unixMs), trusted)).toBe("online");
  expect(host.hear(state(false, ahead), trusted)).toBe("offline");
  expect(host.hear(state(true, ahead + 1), { ...trusted, trust: "bounded" })).toBe("online");
});

test("a new connection knows nothing of the host, but not what it would forget: the newest time", () => {
  const host = primaryHost("scada");
  const at = { unixMs: 0, trust: "untrusted" } as const;
  expect(host.hear(state(true, 10), at)).toBe("online");
  host.connected();
  expect(host.state).toBe("unknown");
  expect(host.hear(state(true, 9), at)).toBe("older");
  expect(host.state).toBe("unknown");
  expect(host.hear(state(true, 10), at)).toBe("online");
});

test("a broker that says nothing of the host is left for another after a while, and kept where it is the only one", async () => {
  await using alone = await stage(clock, { part: { sparkplug: SPARKPLUG } });
  await alone.begin();
  await alone.w.pass(10 * HOST_SILENCE_MS_MAX);
  expect(alone.recording.connections).toBe(1);
  await using set = await stage(clock, { brokers: ["one.test", "two.test"], part: { sparkplug: SPARKPLUG } });
  set.brokers[1]?.publish(TOPIC, state(true, now()), true);
  await set.begin();
  await set.w.pass(HOST_SILENCE_MS_MAX - 2_000);
  expect(set.recording.connections).toBe(1);
  await set.w.pass(4_000);
  expect(
    set
      .capture()
      .of("NBIRTH")
      .map(({ broker }) => broker),
  ).toEqual(["two.test"]);
});

test("a broker that forgot the STATE says nothing of the host on the next connection, so births wait again", async () => {
  await using w = await world(clock, { part: { sparkplug: SPARKPLUG } });
  await w.pass(1_000);
  await say(w, state(true, now()));
  expect(w.host.births).toHaveLength(1);
  await w.broker.stop();
  await w.broker.start();
  await w.pass(70_000);
  expect(await w.status()).toMatchObject({ state: "waiting-for-host", primaryHost: { state: "unknown" }, connects: 2 });
  expect(w.host.births).toHaveLength(1);
});

test("stopping while it waits says goodbye within its time", async () => {
  await using w = await world(clock, { part: { sparkplug: SPARKPLUG } });
  await w.pass(1_000);
  await w.stopUplink();
  expect(w.broker.clients()).toEqual([]);
  expect(w.host.verbs()).toEqual(["NDEATH"]);
});
