import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../../../simulator/clock.ts";
import { virtualTime } from "../world.ts";
import type { Recorded } from "./recording-broker.ts";
import { stage } from "./situation.ts";
import type { Stage, StageOptions } from "./situation.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const TOPIC = "spBv1.0/STATE/scada";
const NODE = { group: "harbour", edgeNode: "gw-1" };

/** An edge node of the primary host `scada`, connected. */
async function waiting(options: StageOptions = {}): Promise<Stage> {
  const set = await stage(clock, { part: { sparkplug: { ...NODE, primaryHost: "scada" } }, ...options });
  await set.begin();
  return set;
}

const state = (online: unknown, timestamp: unknown) => Buffer.from(JSON.stringify({ online, timestamp }));
/** What was heard on a STATE topic, by whom it would concern. */
async function say(set: Stage, payload: Uint8Array, topic = TOPIC, broker = 0): Promise<void> {
  set.brokers[broker]?.say(topic, payload);
  await set.w.pass(300);
}
const published = ({ recording }: Stage) => recording.events.filter(({ kind }) => kind === "publish");
const births = (set: Stage) => set.capture().messages.filter(({ verb }) => verb === "NBIRTH");
/** What happened in Sparkplug's own namespace, and to the connections. */
const story = (set: Stage, from = 0) => set.recording.events.slice(from).flatMap(told);
const told = (event: Recorded): readonly string[] => {
  if (event.kind !== "publish") return [`${event.kind} ${event.connection}`];
  return event.topic.startsWith("spBv1.0/") ? [event.topic.split("/")[2] ?? ""] : [];
};

test("tck-id-message-flow-edge-node-birth-publish-phid-wait: births wait for the STATE of the primary host", async () => {
  await using set = await waiting();
  await set.w.pass(600_000);
  expect(published(set)).toEqual([]);
  await say(set, state(true, set.now()));
  expect(set.capture().messages.map(({ verb }) => verb)).toEqual(["NBIRTH", "DBIRTH", "DBIRTH"]);
});

test("tck-id-message-flow-edge-node-birth-publish-phid-wait-id: only the STATE of that host counts", async () => {
  await using set = await waiting();
  expect(set.capture().subscriptions()).toContainEqual({ topic: TOPIC, qos: 1 });
  for (const other of ["other", "SCADA", "scada2", "scada/x"]) {
    await say(set, state(true, set.now()), `spBv1.0/STATE/${other}`);
  }
  await say(set, state(true, set.now()), "STATE/scada");
  expect(published(set)).toEqual([]);
  await say(set, state(true, set.now()));
  expect(births(set)).toHaveLength(1);
});

test("tck-id-message-flow-edge-node-birth-publish-phid-wait-online: only online: true lets births go", async () => {
  await using set = await waiting();
  for (const online of [false, "true", 1, null, undefined]) await say(set, state(online, set.now()));
  expect(published(set)).toEqual([]);
  await say(set, state(true, set.now()));
  expect(births(set)).toHaveLength(1);
});

test("tck-id-message-flow-edge-node-birth-publish-phid-wait-timestamp: a STATE older than the newest is none", async () => {
  await using set = await waiting();
  await say(set, state(false, 2_000));
  await say(set, state(true, 1_999));
  expect(published(set)).toEqual([]);
  await say(set, state(true, 2_000));
  expect(births(set)).toHaveLength(1);
});

test("tck-id-operational-behavior-edge-node-birth-sequence-wait: with several servers, too, births wait for online: true", async () => {
  await using set = await waiting({ brokers: ["one.test", "two.test"] });
  set.brokers[0]?.publish(TOPIC, state(false, 1), true);
  set.brokers[1]?.publish(TOPIC, state(false, 1), true);
  await set.w.pass(60_000);
  expect(births(set)).toEqual([]);
  set.brokers[1]?.publish(TOPIC, state(true, 2), true);
  await set.w.pass(180_000);
  expect(births(set).map(({ broker }) => broker)).toEqual(["two.test"]);
});

test("tck-id-message-flow-edge-node-birth-publish-phid-offline: NDEATH, DISCONNECT, and everything from the start", async () => {
  await using set = await waiting();
  await say(set, state(true, 1_000));
  const from = set.recording.events.length;
  set.w.field.sample("pump", [[0, 1]], set.now()); // due with the next round, which must not come any more
  await set.w.pass(5);
  await say(set, state(false, 1_001));
  await set.w.pass(60_000);
  expect(story(set, from)).toEqual(["NDEATH", "disconnect 0", "closed 0", "connect 1", "subscribe 1"]);
  await say(set, state(true, 1_002));
  expect(births(set).map(({ connection }) => connection)).toEqual([0, 1]);
});

test("tck-id-operational-behavior-edge-node-termination-host-offline: an offline STATE as old as the online one ends it", async () => {
  await using set = await waiting();
  await say(set, state(true, 1_000));
  await say(set, state(false, 1_000));
  expect(story(set).filter((what) => what.startsWith("disconnect"))).toEqual(["disconnect 0"]);
});

test("tck-id-operational-behavior-edge-node-termination-host-offline-reconnect: the next server in the list is tried", async () => {
  await using set = await waiting({ brokers: ["one.test", "two.test"] });
  set.brokers[1]?.publish(TOPIC, state(true, 1_000), true);
  await say(set, state(true, 1_000));
  await say(set, state(false, 1_001));
  await set.w.pass(5_000);
  expect(
    set
      .capture()
      .connects()
      .map(({ broker }) => broker),
  ).toEqual(["one.test", "two.test"]);
  expect(births(set).map(({ broker }) => broker)).toEqual(["one.test", "two.test"]);
});

test("tck-id-operational-behavior-edge-node-termination-host-offline-timestamp: an older offline STATE changes nothing", async () => {
  await using set = await waiting();
  await say(set, state(true, 1_000));
  await say(set, state(false, 999));
  await set.w.pass(60_000);
  expect(set.recording.connections).toBe(1);
  expect(story(set).filter((what) => what.startsWith("disconnect") || what.startsWith("closed"))).toEqual([]);
});

test("tck-id-operational-behavior-primary-application-state-with-multiple-servers-state-subs: STATE is subscribed to on every server", async () => {
  await using set = await waiting({ brokers: ["one.test", "two.test"] });
  for (const broker of set.brokers) broker.publish(TOPIC, state(false, 1), true);
  await set.w.pass(30_000);
  const asked = set.recording.events.flatMap((event) =>
    event.kind === "subscribe" && event.packet.subscriptions.some(({ topic, qos }) => topic === TOPIC && qos === 1)
      ? [event.connection]
      : [],
  );
  const connects = set.capture().connects();
  expect(new Set(connects.map(({ broker }) => broker))).toEqual(new Set(["one.test", "two.test"]));
  expect(asked).toEqual(connects.map(({ connection }) => connection));
});

test("tck-id-operational-behavior-primary-application-state-with-multiple-servers-single-server: never two at once", async () => {
  await using set = await waiting({ brokers: ["one.test", "two.test"] });
  for (let i = 0; i < 6; i++) {
    await set.w.pass(30_000);
    for (const [n, broker] of set.brokers.entries()) broker.publish(TOPIC, state(i % 2 === n, 10 * i), true);
  }
  await set.w.pass(30_000);
  const open = new Set<number>();
  for (const { kind, connection } of set.recording.events) {
    if (kind === "connect") open.add(connection);
    if (kind === "closed") open.delete(connection);
    expect(open.size).toBeLessThanOrEqual(1);
  }
  expect(set.recording.connections).toBeGreaterThan(4);
});

test("tck-id-operational-behavior-primary-application-state-with-multiple-servers-walk: from a server without its host to the next", async () => {
  await using set = await stage(clock, {
    brokers: ["one.test", "two.test", "three.test"],
    part: { sparkplug: { ...NODE, primaryHost: "scada" } },
  });
  const [one, two, three] = set.brokers;
  one?.publish(TOPIC, state(false, 5), true);
  two?.publish(TOPIC, state(false, 5), true);
  three?.publish(TOPIC, state(true, 5), true);
  await set.begin();
  await set.w.pass(10_000);
  expect(
    set
      .capture()
      .connects()
      .map(({ broker }) => broker),
  ).toEqual(["one.test", "two.test", "three.test"]);
  expect(births(set).map(({ broker }) => broker)).toEqual(["three.test"]);
});
