import { afterAll, beforeAll, expect, test } from "vitest";
import type { AlarmEvent } from "../../../../agent/contract/alarms.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { pki, virtualTime, world } from "../world.ts";
import type { World } from "../world.ts";
import { alarmEvent, sinkSnapshot } from "./alarm-event.ts";
import { serveSyslog } from "./tls-receivers.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const LOG = { host: "log.test", port: 6_514 };
const sequences = (messages: readonly string[]): readonly number[] =>
  messages.map((message) => Number(/ sequence="(\d+)"/.exec(message)?.[1]));
const taken = (w: World): readonly number[] =>
  w.field.heard.filter((message) => message.kind === "alarm-events-taken").map(({ sequence }) => sequence);
const send = (w: World, ...events: readonly AlarmEvent[]): void => events.forEach((event) => w.field.sendRaw(event));

test("alarms go out whether or not the broker is there, and telemetry whether or not the receiver is", async () => {
  await using w = await world(clock, { part: { notify: [sinkSnapshot()] } });
  await w.pass(2_000);
  send(w, alarmEvent(0));
  w.field.sample("pump", [[0, 7]], clock.wall().unixMs);
  await w.pass(2_000);
  expect(w.host.values).toMatchObject([{ source: "pump", sequence: 0 }]);
  expect(taken(w)).toEqual([]);
  w.network.refuse("broker.test", 8883);
  w.broker.disconnectClients();
  const messages: string[] = [];
  await using _log = await serveSyslog(w.network, LOG, pki.broker(LOG.host), messages);
  await w.pass(60_000);
  expect(sequences(messages)).toEqual([0]);
  expect(taken(w)).toEqual([0]);
  expect((await w.status()).notify).toMatchObject([
    { name: "control-room", address: "syslog log.test:6514", state: "idle", delivered: 1, lost: 0 },
  ]);
});

test("an uplink that dies loses nothing that field still holds", async () => {
  const messages: string[] = [];
  await using w = await world(clock, { part: { notify: [sinkSnapshot()] } });
  await w.pass(2_000);
  send(w, alarmEvent(0), alarmEvent(1));
  await w.pass(2_000);
  await w.stopUplink();
  await using _log = await serveSyslog(w.network, LOG, pki.broker(LOG.host), messages);
  w.startUplink();
  await w.pass(2_000);
  // nobody said that they were taken, so field sends them again
  send(w, alarmEvent(0), alarmEvent(1), alarmEvent(2));
  await w.pass(5_000);
  expect(sequences(messages)).toEqual([0, 1, 2]);
  expect(taken(w).at(-1)).toBe(2);
});

test("another receiver is taken up without the connection to the broker going down", async () => {
  const messages: string[] = [];
  await using w = await world(clock);
  await using _log = await serveSyslog(w.network, LOG, pki.broker(LOG.host), messages);
  await w.pass(2_000);
  const { connects } = await w.status();
  w.keeper.offer("digest-2", { ...w.part, notify: [sinkSnapshot()] });
  await w.pass(1_000);
  send(w, alarmEvent(0));
  await w.pass(5_000);
  expect(sequences(messages)).toEqual([0]);
  expect(await w.status()).toMatchObject({ connects, state: "online" });
});

test("an uplink that was restarted goes on where field remembers each receiver, and tells losses nobody was told", async () => {
  const messages: string[] = [];
  await using w = await world(clock, { part: { notify: [sinkSnapshot()] } });
  await using _log = await serveSyslog(w.network, LOG, pki.broker(LOG.host), messages);
  await w.pass(2_000);
  const receivers = [{ name: "control-room", sequence: 4, lost: 3 }];
  w.field.sendRaw({ kind: "alarm-receivers", bootId: "boot-1", receivers });
  send(w, alarmEvent(3), alarmEvent(4), alarmEvent(5));
  await w.pass(5_000);
  expect(sequences(messages)).toEqual([5]);
  expect(messages[0]).toContain('lostBefore="3"');
  expect(w.field.heard.findLast((message) => message.kind === "alarm-events-taken")).toEqual({
    kind: "alarm-events-taken",
    bootId: "boot-1",
    sequence: 5,
    receivers: [{ name: "control-room", sequence: 5, lost: 0 }],
  });
});
