import { expect, test } from "vitest";
import type { ShownList } from "../../../../agent/field/outbox/shown.ts";
import { feedShown } from "../../../../agent/field/outbox/shown.ts";
import { PointBook } from "../../../../agent/field/points/book.ts";
import { Source } from "../../../../agent/field/points/source.ts";
import { qualityCode } from "../../../../agent/contract/point.ts";
import type { Shown } from "../../../../agent/contract/shown.ts";
import { busWorld } from "../world.ts";

const OK = qualityCode("ok");
const NO_REPLY = qualityCode("no-reply");
const NEVER_READ = qualityCode("never-read");

function feedWorld(points: readonly string[]) {
  const { clock, sink } = busWorld();
  const changed = (): boolean => true;
  const facts = (name: string) => ({
    facts: { name, type: "uint16", output: false } as const,
    changed,
    heartbeatMs: 0,
  });
  const source = new Source("bus", "a", [facts("x"), facts("y")], { clock, sink });
  const book = new PointBook();
  book.lay([source]);
  const heard: Shown[] = [];
  const world = { list: { digest: "one", points } as ShownList | undefined, reads: true };
  const feed = feedShown(clock, book, () => world.list, {
    get reads() {
      return world.reads;
    },
    shown: (message) => void heard.push(message),
  });
  return { clock, source, heard, world, feed };
}

test("everything comes first, then what changed, each quarter of a second at most", async () => {
  const w = feedWorld(["a/y", "a/x", "a/nothing"]);
  expect(w.heard).toEqual([
    {
      kind: "shown",
      configDigest: "one",
      points: [0, 1, 2],
      values: [null, null, null],
      qualities: [NEVER_READ, NEVER_READ, NEVER_READ],
    },
  ]);
  for (let value = 1; value <= 10; value++) {
    w.source.take(0, value, OK);
    await w.clock.advance(20);
  }
  await w.clock.advance(50);
  expect(w.heard.slice(1)).toEqual([
    { kind: "shown", configDigest: "one", points: [1], values: [10], qualities: [OK] },
  ]);
  w.source.take(0, 10, NO_REPLY);
  await w.clock.advance(250);
  expect(w.heard.at(-1)).toMatchObject({ points: [1], values: [10], qualities: [NO_REPLY] });
});

test("where nothing changes a sign of life comes, well before values are believed no more", async () => {
  const w = feedWorld(["a/x"]);
  await w.clock.advance(10_000);
  expect(w.heard.length).toBeGreaterThanOrEqual(4);
  expect(w.heard.slice(1).every(({ points }) => points.length === 0)).toBe(true);
});

test("another configuration begins with everything, and none says nothing", async () => {
  const w = feedWorld(["a/x"]);
  w.source.take(0, 7, OK);
  await w.clock.advance(250);
  w.world.list = undefined;
  await w.clock.advance(20_000);
  const before = w.heard.length;
  w.world.list = { digest: "two", points: ["a/y", "a/x"] };
  await w.clock.advance(250);
  expect(w.heard.slice(before)).toMatchObject([{ configDigest: "two", points: [0, 1], values: [null, 7] }]);
});

test("a peer that does not read is told the latest once it does", async () => {
  const w = feedWorld(["a/x"]);
  w.world.reads = false;
  for (let value = 1; value <= 100; value++) {
    w.source.take(0, value, OK);
    await w.clock.advance(100);
  }
  expect(w.heard).toHaveLength(1);
  w.world.reads = true;
  await w.clock.advance(250);
  expect(w.heard.slice(1)).toMatchObject([{ points: [0], values: [100] }]);
  w.feed[Symbol.dispose]();
  w.source.take(0, 1, OK);
  await w.clock.advance(60_000);
  expect(w.heard).toHaveLength(2);
});
