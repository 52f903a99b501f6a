import { expect, test } from "vitest";
import { DELIVERY_MS_MAX } from "../../../../agent/uplink/notify/attempt.ts";
import { REFUSALS_MAX, RETRY_AFTER_MS_MAX } from "../../../../agent/uplink/notify/sink.ts";
import { alarmEvent, sinkSnapshot } from "./alarm-event.ts";
import { notifying, refusing } from "./stand-ins.ts";

test("each receiver has every event of its priority, in order, and field is told once all have", async () => {
  await using w = await notifying([
    sinkSnapshot({ name: "all" }),
    sinkSnapshot({ name: "urgent", priority: "critical" }),
  ]);
  for (const [i, priority] of (["low", "critical", "medium"] as const).entries()) {
    w.notifier.receive(alarmEvent(i, { priority }));
  }
  await w.clock.advance(10);
  expect(w.has("all")).toEqual(["0", "1", "2"]);
  expect(w.has("urgent")).toEqual(["1"]);
  expect(w.taken.at(-1)).toEqual({
    kind: "alarm-events-taken",
    bootId: "boot-1",
    sequence: 2,
    receivers: [
      { name: "all", sequence: 2, lost: 0 },
      { name: "urgent", sequence: 2, lost: 0 },
    ],
  });
});

test("a receiver that is gone delays nobody else, is bounded, and is told its losses when it is back", async () => {
  await using w = await notifying([sinkSnapshot({ name: "gone" }), sinkSnapshot({ name: "there" })]);
  w.at("gone").answer = refusing("NOTIFY_TIMEOUT");
  for (let i = 0; i < 25; i++) w.notifier.receive(alarmEvent(i));
  await w.clock.advance(100);
  expect(w.has("there")).toHaveLength(25);
  await w.clock.advance(600_000);
  expect(w.notifier.status()[0]).toMatchObject({ name: "gone", state: "retrying", waiting: 10, lost: 15 });
  expect(w.notifier.status()[0]?.lastFault).toMatchObject({
    code: "NOTIFY_TIMEOUT",
    message: expect.stringContaining("stand-in gone: no; check address, port and firewall"),
  });
  expect(w.taken.at(-1)?.sequence).toBe(14);
  w.at("gone").answer = () => Promise.resolve();
  await w.clock.advance(60_000);
  expect(w.has("gone")).toEqual(["15 after 15", "16", "17", "18", "19", "20", "21", "22", "23", "24"]);
  expect(w.taken.at(-1)?.sequence).toBe(24);
  expect(w.notifier.status()[0]).toMatchObject({ state: "idle", waiting: 0, delivered: 10, lost: 15 });
});

test("what field kept while uplink was down is more than a queue holds, and still arrives whole", async () => {
  await using w = await notifying([sinkSnapshot()]);
  for (let i = 0; i < 1_000; i++) w.notifier.receive(alarmEvent(i));
  await w.clock.advance(10);
  expect(w.has("control-room")).toHaveLength(1_000);
  expect(w.notifier.status()[0]).toMatchObject({ lost: 0 });
});

test("pauses between attempts grow to a minute, with chance in them", async () => {
  await using w = await notifying([sinkSnapshot()]);
  w.at("control-room").answer = refusing("NOTIFY_CLOSED");
  w.notifier.receive(alarmEvent(0));
  await w.clock.advance(1_200_000);
  const pauses = w.at("control-room").attempts.map((ms, i, all) => ms - (all[i - 1] ?? 0));
  expect(pauses[1]).toBeLessThanOrEqual(2_000);
  for (const pause of pauses.slice(8)) {
    expect(pause).toBeGreaterThanOrEqual(30_000);
    expect(pause).toBeLessThanOrEqual(60_000);
  }
});

test("a receiver that never answers is given up in time and asked again", async () => {
  await using w = await notifying([sinkSnapshot()]);
  w.at("control-room").answer = () => new Promise(() => {});
  w.notifier.receive(alarmEvent(0));
  await w.clock.advance(DELIVERY_MS_MAX - 1);
  expect(w.notifier.status()[0]).toMatchObject({ state: "sending" });
  await w.clock.advance(1);
  expect(w.notifier.status()[0]).toMatchObject({ state: "retrying", lastFault: { code: "NOTIFY_TIMEOUT" } });
  w.at("control-room").answer = () => Promise.resolve();
  await w.clock.advance(5_000);
  expect(w.has("control-room")).toEqual(["0"]);
});

test("an event that is refused again and again is given up, and the next one says so", async () => {
  await using w = await notifying([sinkSnapshot()]);
  const one = w.at("control-room");
  one.answer = ([first]) => (first?.event.sequence === 0 ? refusing("NOTIFY_HTTP_REFUSED")() : Promise.resolve());
  w.notifier.receive(alarmEvent(0));
  w.notifier.receive(alarmEvent(1));
  await w.clock.advance(120_000);
  expect(one.attempts).toHaveLength(REFUSALS_MAX + 1);
  expect(w.has("control-room")).toEqual(["1 after 1"]);
  expect(w.notifier.status()[0]).toMatchObject({ refused: 1, lost: 1, delivered: 1 });
});

test("a receiver that asks for a pause has it, within reason", async () => {
  await using w = await notifying([sinkSnapshot()]);
  const one = w.at("control-room");
  one.answer = refusing("NOTIFY_HTTP_UNAVAILABLE", 120_000);
  w.notifier.receive(alarmEvent(0));
  await w.clock.advance(119_000);
  expect(one.attempts).toHaveLength(1);
  one.answer = refusing("NOTIFY_HTTP_UNAVAILABLE", 86_400_000);
  await w.clock.advance(1_000);
  expect(one.attempts).toHaveLength(2);
  await w.clock.advance(RETRY_AFTER_MS_MAX);
  expect(one.attempts).toHaveLength(3);
});

test("attempts go out by one interface after the other, and leave out what may have been too long", async () => {
  await using w = await notifying([sinkSnapshot()], ["eth1", "wwan0"]);
  w.at("control-room").answer = refusing("NOTIFY_TIMEOUT");
  w.notifier.receive(alarmEvent(0));
  await w.clock.advance(10_000);
  expect(w.at("control-room").ways.slice(0, 3)).toEqual([
    { interfaceName: "eth1", classical: false },
    { interfaceName: "wwan0", classical: true },
    { interfaceName: "eth1", classical: false },
  ]);
});

test("what field sends again on a new connection goes out once; its answer is said again", async () => {
  await using w = await notifying([sinkSnapshot()]);
  for (let i = 0; i < 3; i++) w.notifier.receive(alarmEvent(i));
  await w.clock.advance(10);
  w.notifier.field((message) => w.taken.push(message));
  const before = w.taken.length;
  w.notifier.receive(alarmEvent(2));
  w.notifier.receive(alarmEvent(3));
  await w.clock.advance(10);
  expect(w.has("control-room")).toEqual(["0", "1", "2", "3"]);
  expect(w.taken.slice(before).map(({ sequence }) => sequence)).toEqual([2, 3]);
});

test("events that field lost are told to every receiver", async () => {
  await using w = await notifying([sinkSnapshot()]);
  w.notifier.receive(alarmEvent(0));
  w.notifier.receive(alarmEvent(5, { lost: 4 }));
  w.notifier.receive(alarmEvent(0, { bootId: "boot-2" }));
  await w.clock.advance(10);
  expect(w.has("control-room")).toEqual(["0", "5 after 4", "0"]);
  expect(w.taken.at(-1)).toMatchObject({ bootId: "boot-2", sequence: 0 });
});

test("only refusals one after the other give an event up", async () => {
  await using w = await notifying([sinkSnapshot()]);
  const one = w.at("control-room");
  const answers = ["NOTIFY_HTTP_REFUSED", "NOTIFY_HTTP_REFUSED", "NOTIFY_CLOSED", "NOTIFY_HTTP_REFUSED"] as const;
  one.answer = () => {
    const code = answers[one.attempts.length - 1];
    return code === undefined ? Promise.resolve() : refusing(code)();
  };
  w.notifier.receive(alarmEvent(0));
  await w.clock.advance(120_000);
  expect(w.notifier.status()[0]).toMatchObject({ delivered: 1, refused: 0, lost: 0 });
});
