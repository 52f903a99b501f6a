import { expect, test } from "vitest";
import { AlarmEvents } from "../../../../agent/field/alarms/events.ts";
import { ALARM_EVENTS_MAX } from "../../../../agent/contract/alarms.ts";
import type { AlarmEvent } from "../../../../agent/contract/alarms.ts";
import { AlarmFeed } from "../../../../agent/field/outbox/alarm-feed.ts";

function raise(events: AlarmEvents, alarm: string): void {
  events.add({
    alarm,
    priority: "high",
    from: "normal",
    to: "raised",
    text: { en: alarm },
    evidence: "",
    timeMs: 0,
    trust: "trusted",
  });
}

test("a connection hears each event once, in order, and the next one all that nobody has taken", () => {
  const events = new AlarmEvents("boot");
  const heard: AlarmEvent[] = [];
  const feed = new AlarmFeed(events, (event) => heard.push(event) > 0);
  for (const alarm of ["a", "b"]) raise(events, alarm);
  feed.tell();
  raise(events, "c");
  feed.tell();
  expect(heard.map(({ alarm, sequence }) => `${alarm}${sequence}`)).toEqual(["a0", "b1", "c2"]);
  events.taken({ bootId: "another boot", sequence: 2, receivers: [{ name: "x", sequence: 2, lost: 0 }] });
  expect(events.receivers).toEqual([]);
  events.taken({ bootId: "boot", sequence: 0, receivers: [{ name: "x", sequence: 0, lost: 0 }] });
  expect(events.receivers).toEqual([{ name: "x", sequence: 0, lost: 0 }]);
  const again: AlarmEvent[] = [];
  new AlarmFeed(events, (event) => again.push(event) > 0).tell();
  expect(again.map(({ alarm }) => alarm)).toEqual(["b", "c"]);
});

test("a peer that does not read is sent no more until it does", () => {
  const events = new AlarmEvents("boot");
  const heard: string[] = [];
  const feed = new AlarmFeed(events, ({ alarm }) => heard.push(alarm) % 2 !== 0);
  for (const alarm of ["a", "b", "c"]) raise(events, alarm);
  expect(feed.tell()).toBe(false);
  expect(heard).toEqual(["a", "b"]);
  expect(feed.tell()).toBe(true);
  expect(heard).toEqual(["a", "b", "c"]);
});

test("a full queue loses its oldest, and the events after say how many", () => {
  const events = new AlarmEvents("boot");
  for (let i = 0; i < ALARM_EVENTS_MAX + 3; i++) raise(events, "x");
  expect(events.after(-1)).toHaveLength(ALARM_EVENTS_MAX);
  expect(events.after(-1).at(0)?.sequence).toBe(3);
  expect(events.after(-1).at(-1)?.lost).toBe(3);
});
