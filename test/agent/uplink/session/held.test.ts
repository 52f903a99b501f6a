import { expect, test } from "vitest";
import type { TrafficClass } from "../../../../agent/contract/uplink-status.ts";
import { LIVE_MS_MAX } from "../../../../agent/uplink/session/limits.ts";
import type { Metric } from "../../../../agent/uplink/sparkplug/payload.ts";
import { openSession } from "./open-session.ts";
import type { Published } from "./open-session.ts";

type Session = ReturnType<typeof openSession>;
/** Alias of the one point of source `a`, of its sequence metric. */
const POINT = 9;
const SEQUENCE = 7;

const value = ({ payload }: Published, alias: number): Metric | undefined =>
  payload.metrics.find((metric) => metric.alias === alias);
const data = (w: Session) => w.published.filter(({ verb }) => verb === "DDATA");
const only =
  (...classes: readonly TrafficClass[]) =>
  (traffic: TrafficClass): boolean =>
    classes.includes(traffic);
/** Sequences in the order published, of messages that have one. */
const sequences = (w: Session): readonly number[] =>
  data(w).flatMap((message) => {
    const first = value(message, SEQUENCE)?.value;
    const values = message.payload.metrics.filter(({ alias }) => alias === POINT);
    return first === undefined ? [] : values.map((_, i) => Number(first) + i);
  });

/** Two values from before the births, and one of now. */
async function backlog(): Promise<Session> {
  const w = openSession(["a"]);
  await w.clock.advance(10_000);
  w.sample(0, 0, 2);
  await w.clock.advance(10_000);
  w.telemetry.brokerClosed();
  w.open();
  w.sample(0, 2);
  return w;
}

test("history and what is live never share a message, and each goes under its own class", async () => {
  const w = await backlog();
  w.telemetry.round();
  expect(
    data(w).map(({ traffic, payload }) => [traffic, payload.metrics.some(({ historical }) => historical === true)]),
  ).toEqual([
    ["history", true],
    ["live", false],
  ]);
  expect(sequences(w)).toEqual([0, 1, 2]);
});

test("history that may not go waits; the newest value is said ahead of it, and once it went the rest follows as history", async () => {
  const w = await backlog();
  w.allows = only("live", "management");
  w.telemetry.round();
  w.telemetry.round();
  expect(
    data(w).map(({ traffic, payload }) => [traffic, payload.metrics.map(({ alias, value: said }) => [alias, said])]),
  ).toEqual([["live", [[POINT, 2]]]]);
  expect(w.marks).toEqual([]);
  await w.clock.advance(250);
  w.sample(0, 3);
  w.telemetry.round();
  expect(data(w)).toHaveLength(2);
  w.allows = () => true;
  w.telemetry.round();
  expect(sequences(w)).toEqual([0, 1, 2, 3]);
  expect(
    data(w)
      .slice(2)
      .map(({ traffic }) => traffic),
  ).toEqual(["history"]);
  expect(w.marks.map(({ mark }) => mark.sources)).toEqual([{ a: 3 }]);
  await w.clock.advance(250);
  w.sample(0, 4);
  w.telemetry.round();
  expect(data(w).at(-1)).toMatchObject({ traffic: "live" });
});

test("live values that may not go let history pass, and become history when their minute is over", async () => {
  const w = await backlog();
  w.allows = only("history", "management");
  w.telemetry.round();
  expect(sequences(w)).toEqual([0, 1]);
  expect(w.marks.map(({ mark }) => mark.sources)).toEqual([{ a: 1 }]);
  await w.clock.advance(LIVE_MS_MAX);
  w.telemetry.round();
  expect(sequences(w)).toEqual([0, 1]);
  await w.clock.advance(1);
  w.telemetry.round();
  expect(sequences(w)).toEqual([0, 1, 2]);
  expect(data(w).map(({ traffic }) => traffic)).toEqual(["history", "history"]);
});

test("births, deaths and the marks of what was published go whatever is allowed", async () => {
  const w = await backlog();
  w.telemetry.round();
  w.published.length = 0;
  w.allows = () => false;
  w.sample(0, 3);
  w.receive({ kind: "source-state", revision: 0, source: 0, online: false, trust: "trusted", timeMs: w.now() });
  w.telemetry.round();
  w.telemetry.round();
  expect(w.verbs()).toEqual(["DDEATH a"]);
  w.counters.writesRefused += 1;
  w.telemetry.round();
  expect(w.verbs()).toEqual(["DDEATH a"]);
  w.telemetry.rebirth();
  expect(w.verbs()).toEqual(["DDEATH a", "NBIRTH"]);
  w.allows = () => true;
  w.telemetry.round();
  // what it sampled before it went away is its own: born, told, dead again
  expect(w.verbs().slice(2)).toEqual(["DBIRTH a", "DDATA a", "DDEATH a"]);
  expect(w.marks.map(({ mark }) => mark.sources)).toEqual([{ a: 2 }, { a: 3 }]);
});

test("where only so many messages may go, every device has its share, however busy its neighbour", async () => {
  const names = ["a", "b", "c", "d"];
  const w = openSession(names);
  const shares = new Map(names.map((name) => [name, 0]));
  let left = 0;
  w.allows = (traffic) => traffic !== "management" && left > 0;
  const publish = w.published.push.bind(w.published);
  w.published.push = (message) => {
    left -= 1;
    shares.set(message.device, (shares.get(message.device) ?? 0) + 1);
    return publish(message);
  };
  const sampled = names.map(() => 0);
  for (let round = 0; round < 40; round++) {
    await w.clock.advance(250);
    left = 2;
    for (const [source] of names.entries()) {
      // two values apart in time and so in two messages where the first is busy
      for (let i = 0; i < (source === 0 ? 3 : 1); i++) {
        w.sample(source, sampled[source] ?? 0, 1, w.now() - i);
        sampled[source] = (sampled[source] ?? 0) + 1;
      }
    }
    w.telemetry.round();
    expect(left).toBe(0);
    for (const { acknowledge } of w.marks.splice(0)) acknowledge();
  }
  for (const [, share] of shares) expect(share).toBeGreaterThanOrEqual(15);
});

test("a value is split from its batch where the next may not go, and neither is lost nor said twice", async () => {
  const w = openSession(["a"]);
  await w.clock.advance(1_000);
  let left = 1;
  w.allows = () => left-- > 0;
  const times = [w.now(), w.now() - 1, w.now() - 2]; // backwards: a message each
  w.receive({
    kind: "batch",
    revision: 0,
    source: 0,
    first: 0,
    trust: "trusted",
    points: [0, 0, 0],
    values: [10, 11, 12],
    qualities: [0, 0, 0],
    times,
  });
  for (let round = 0; round < 3; round++) {
    left = 2; // one for the look, one for the message
    w.telemetry.round();
  }
  expect(sequences(w)).toEqual([0, 1, 2]);
  expect(w.marks.map(({ mark }) => mark.sources)).toEqual([{ a: 0 }, { a: 1 }, { a: 2 }]);
  for (const { acknowledge } of w.marks) acknowledge();
  expect(w.heard.findLast(({ kind }) => kind === "credit")).toMatchObject({ values: 60_003 });
});

test("what is said ahead of its samples is in the order of its times", async () => {
  const w = openSession(["a"], {}, ["p", "q"]);
  await w.clock.advance(10_000);
  w.sample(0, 0);
  w.telemetry.brokerClosed();
  await w.clock.advance(10_000);
  w.open();
  const now = w.now();
  const columns = { points: [1, 0], values: [7, 8], qualities: [0, 0], times: [now, now + 5] };
  w.receive({ kind: "batch", revision: 0, source: 0, first: 1, trust: "trusted", ...columns });
  w.allows = only("live", "management");
  w.telemetry.round();
  expect(data(w).map(({ payload }) => payload.metrics.map(({ timestamp }) => timestamp))).toEqual([[now, now + 5]]);
});

test("a clock that is set back makes no live value history", async () => {
  const w = await backlog();
  w.allows = only("live", "management");
  w.telemetry.round();
  w.allows = () => true;
  w.clock.setWall(w.now() - 3_600_000, "trusted");
  w.telemetry.round(); // the births that say which time now holds, and what waited
  w.published.length = 0;
  await w.clock.advance(250);
  w.sample(0, 3);
  w.telemetry.round();
  expect(data(w).map(({ traffic }) => traffic)).toEqual(["live"]);
});
