import { expect, test } from "vitest";
import { Waiting } from "../../../../agent/uplink/notify/waiting.ts";
import { alarmEvent } from "./alarm-event.ts";

const told = (waiting: Waiting, count = 100): readonly string[] =>
  waiting
    .take(count)
    .map(({ event, lostBefore }) => `${event.sequence}${lostBefore > 0 ? ` after ${lostBefore}` : ""}`);

function holding(max: number, count: number): Waiting {
  const waiting = new Waiting(max);
  for (let i = 0; i < count; i++) waiting.add(alarmEvent(i), true);
  return waiting;
}

test("a full queue gives up its oldest, and the next one says how many", () => {
  const waiting = holding(3, 5);
  expect(told(waiting)).toEqual(["2 after 2", "3", "4"]);
  expect(waiting.lostCount).toBe(2);
});

test("what is on its way is not given up for what comes meanwhile; once it comes back, it is as old as before", () => {
  const waiting = holding(3, 3);
  expect(told(waiting, 2)).toEqual(["0", "1"]);
  for (let i = 3; i < 7; i++) waiting.add(alarmEvent(i), true);
  expect(waiting.lostCount).toBe(2);
  waiting.putBack();
  expect(told(waiting)).toEqual(["4 after 4", "5", "6"]);
  expect(waiting.lostCount).toBe(4);
});

test("what is done is gone, and a loss behind it is still told", () => {
  const waiting = holding(2, 2);
  told(waiting, 2);
  waiting.missed(3);
  waiting.done();
  expect(waiting.length).toBe(0);
  waiting.add(alarmEvent(5), true);
  expect(told(waiting)).toEqual(["5 after 3"]);
  waiting.done();
  waiting.add(alarmEvent(6), true);
  expect(told(waiting)).toEqual(["6"]);
});

test("an event that is given up is a loss, also where nothing waits behind it", () => {
  const waiting = holding(2, 1);
  told(waiting, 1);
  waiting.giveUp();
  waiting.add(alarmEvent(1), true);
  expect(told(waiting)).toEqual(["1 after 1"]);
  expect(waiting.lostCount).toBe(1);
});

test("whatever comes, goes and fails, delivered and told losses add up to everything", () => {
  for (let seed = 1; seed <= 200; seed++) {
    let state = seed;
    const next = (below: number): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) % below;
    const waiting = new Waiting(1 + next(5));
    let [added, delivered, toldLost, expectedNext] = [0, 0, 0, 0];
    for (let step = 0; step < 60; step++) {
      for (let i = next(6); i > 0; i--) waiting.add(alarmEvent(added++), true);
      const batch = waiting.take(1 + next(4));
      for (let i = next(3); i > 0; i--) waiting.add(alarmEvent(added++), true);
      if (next(2) === 0) {
        waiting.putBack();
        continue;
      }
      waiting.done();
      for (const { event, lostBefore } of batch) {
        expect(event.sequence).toBe(expectedNext + lostBefore);
        expectedNext = event.sequence + 1;
        delivered += 1;
        toldLost += lostBefore;
      }
    }
    const rest = waiting.take(1_000);
    for (const { lostBefore } of rest) toldLost += lostBefore;
    expect(delivered + rest.length + toldLost).toBe(added);
    expect(waiting.lostCount).toBe(toldLost);
  }
});
