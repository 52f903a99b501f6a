import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../../simulator/clock.ts";
import { virtualTime, world } from "./world.ts";
import type { World, WorldOptions } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const phases: readonly (readonly [string, WorldOptions, (w: World) => void, number])[] = [
  ["before anything happened", {}, () => {}, 0],
  ["unconfigured", { unconfigured: true }, () => {}, 1_000],
  ["connecting to nowhere", {}, (w) => w.network.blackhole("broker.test", 8883), 1_000],
  ["in a handshake nobody answers", {}, (w) => w.broker.acceptAndNeverAnswer("tcp"), 1_000],
  ["waiting for CONNACK", {}, (w) => w.broker.acceptAndNeverAnswer("tls"), 1_000],
  ["waiting for the next attempt", {}, (w) => w.network.refuse("broker.test", 8883), 30_000],
  ["online", {}, () => {}, 1_000],
  ["online, with marks that nobody acknowledges", {}, (w) => w.broker.dropAcknowledgements(true), 1_000],
];

test.each(phases)(
  "stopping %s takes no longer than a goodbye and leaves nothing",
  async (_phase, options, arrange, ms) => {
    await using w = await world(clock, options);
    arrange(w);
    await w.pass(ms);
    w.field.sample("pump", [[0, 1]], clock.wall().unixMs);
    await w.pass(ms / 2);
    await w.stopUplink();
    expect(w.broker.clients()).toEqual([]);
    const { accepted } = w.broker.counters;
    const connections = w.field.connections();
    const said = w.host.heard.length;
    await w.pass(3_600_000);
    expect(w.broker.counters.accepted).toBe(accepted);
    expect(w.field.connections()).toBe(connections);
    expect(w.host.heard.length).toBe(said);
  },
);

test("what was sampled before the goodbye goes out with it, and nothing goes after the death", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.field.sample("pump", [[0, 42]], clock.wall().unixMs);
  await w.pass(10);
  await w.stopUplink();
  expect(w.host.verbs().slice(-2)).toEqual(["DDATA pump", "NDEATH"]);
  expect(w.host.values.at(-1)?.value).toBe(42);
});
