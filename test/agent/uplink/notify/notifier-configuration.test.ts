import { expect, test } from "vitest";
import { alarmEvent, sinkSnapshot } from "./alarm-event.ts";
import { notifying, refusing } from "./stand-ins.ts";

test("without receivers field may forget at once, and without a configuration nothing", async () => {
  await using w = await notifying([]);
  w.notifier.receive(alarmEvent(0));
  expect(w.taken).toHaveLength(1);
  await using bare = await notifying([]);
  await bare.notifier.stop();
  bare.notifier.receive(alarmEvent(0));
  expect(bare.taken).toEqual([]);
  await bare.notifier.configure(bare.part);
  expect(bare.taken).toHaveLength(1);
});

test("a receiver that stays as it was keeps what waits for it through another configuration", async () => {
  await using w = await notifying([sinkSnapshot(), sinkSnapshot({ name: "other" })]);
  w.at("control-room").answer = refusing("NOTIFY_CLOSED");
  w.at("other").answer = refusing("NOTIFY_CLOSED");
  w.notifier.receive(alarmEvent(0));
  await w.clock.advance(10);
  await w.notifier.configure({ ...w.part, notify: [sinkSnapshot()] });
  w.at("control-room").answer = () => Promise.resolve();
  await w.clock.advance(10_000);
  expect(w.has("control-room")).toEqual(["0"]);
  expect(w.notifier.status().map(({ name }) => name)).toEqual(["control-room"]);
  expect(w.taken.at(-1)?.sequence).toBe(0);
});

test("events that come before the configuration wait for it, and go to the receivers it names", async () => {
  await using w = await notifying([sinkSnapshot()]);
  await w.notifier.stop();
  w.notifier.field((message) => w.taken.push(message));
  w.notifier.resume({ kind: "alarm-receivers", bootId: "boot-1", receivers: [] });
  for (let i = 0; i < 1_200; i++) w.notifier.receive(alarmEvent(i));
  expect(w.taken).toEqual([]);
  await w.notifier.configure(w.part);
  await w.clock.advance(1_000);
  expect(w.has("control-room")).toHaveLength(1_000);
  expect(w.has("control-room")[0]).toBe("200 after 200");
  expect(w.taken.at(-1)?.sequence).toBe(1_199);
});

test("a receiver that is written down anew keeps what waits for it, and repeats nothing", async () => {
  await using w = await notifying([sinkSnapshot()]);
  const one = w.at("control-room");
  one.answer = refusing("NOTIFY_UNTRUSTED");
  for (let i = 0; i < 12; i++) w.notifier.receive(alarmEvent(i));
  await w.clock.advance(10_000);
  one.answer = () => new Promise(() => {});
  await w.clock.advance(20_000);
  expect(w.notifier.status()[0]).toMatchObject({ state: "retrying", waiting: 10 });
  const changed = w.notifier.configure({ ...w.part, site: "elsewhere", notify: [sinkSnapshot({ queueMax: 20 })] });
  w.notifier.receive(alarmEvent(12));
  one.answer = () => Promise.resolve();
  await changed;
  await w.clock.advance(1_000);
  expect(w.has("control-room")).toEqual(["2 after 2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]);
});

test("a receiver that comes later is told nothing of what was before", async () => {
  await using w = await notifying([]);
  for (let i = 0; i < 3; i++) w.notifier.receive(alarmEvent(i));
  await w.notifier.configure({ ...w.part, notify: [sinkSnapshot()] });
  w.notifier.receive(alarmEvent(3));
  await w.clock.advance(10);
  expect(w.notifier.status()).toMatchObject([{ delivered: 1, lost: 0 }]);
});

test("a smaller queue in another configuration holds for what comes next", async () => {
  await using w = await notifying([sinkSnapshot()]);
  w.at("control-room").answer = refusing("NOTIFY_CLOSED");
  for (let i = 0; i < 8; i++) w.notifier.receive(alarmEvent(i));
  await w.clock.advance(10);
  await w.notifier.configure({ ...w.part, notify: [sinkSnapshot({ queueMax: 3 })] });
  await w.clock.advance(60_000);
  expect(w.notifier.status()[0]).toMatchObject({ waiting: 3, lost: 5 });
});
