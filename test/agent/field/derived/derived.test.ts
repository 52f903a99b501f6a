import { expect, test } from "vitest";
import type { DerivedPoint } from "../../../../agent/config/snapshot/logic.ts";
import { QUALITIES } from "../../../../agent/contract/point.ts";
import { Derived } from "../../../../agent/field/derived/derived.ts";
import type { Sink } from "../../../../agent/field/points/source.ts";
import { expression } from "../alarms/alarm-world.ts";
import { field } from "../snapshots.ts";
import { played } from "./book.ts";

function derivedPoint(name: string, text: string, over: Partial<DerivedPoint> = {}): DerivedPoint {
  return { name, type: "float64", expression: expression(text), everyMs: 1_000, deadband: 0, heartbeatMs: 0, ...over };
}

async function reckoning(...points: readonly DerivedPoint[]) {
  const world = played({ "a/x": "float64", "a/y": "float64" });
  const { clock, book } = world;
  const samples: unknown[] = [];
  const sink: Sink = {
    sampled: (source, index, value, quality) =>
      samples.push([source.points[index]?.facts.name, value, QUALITIES[quality]?.reason]) - 1,
    turned: () => {},
  };
  const derived = new Derived({ clock, sink, book });
  const apply = async (now: readonly DerivedPoint[]): Promise<void> => {
    await derived.apply(field([], now.length === 0 ? {} : { derived: { device: "derived", points: now } }));
    book.lay([...world.sources, ...derived.sources]);
    derived.start();
  };
  await apply(points);
  return { ...world, derived, samples, apply };
}

test("a derived point is reckoned as often as it asks for, and sampled where it changed", async () => {
  const w = await reckoning(derivedPoint("sum", "[a/x] + [a/y]", { unit: "m3/h" }));
  w.set("a/x", 1);
  w.set("a/y", 2);
  await w.clock.advance(999);
  expect(w.samples).toEqual([]);
  await w.clock.advance(5_001);
  expect(w.samples).toEqual([["sum", 3, "ok"]]);
  w.set("a/y", 2, "no-reply");
  await w.clock.advance(1_000);
  expect(w.samples.at(-1)).toEqual(["sum", null, "input-missing"]);
  expect(w.derived.sources[0]).toMatchObject({ name: "derived", online: true });
});

test("points that read each other are of one instant", async () => {
  const w = await reckoning(derivedPoint("double", "[a/x] * 2"), derivedPoint("more", "[derived/double] + 1"));
  w.set("a/x", 4);
  await w.clock.advance(1_000);
  expect(w.samples).toEqual([
    ["double", 8, "ok"],
    ["more", 9, "ok"],
  ]);
});

test("a dead-band, a heartbeat and a range count as for any point", async () => {
  const w = await reckoning(derivedPoint("x", "[a/x]", { deadband: 1, heartbeatMs: 10_000, high: 5 }));
  for (const value of [1, 1.5, 3, 6]) {
    w.set("a/x", value);
    await w.clock.advance(1_000);
  }
  await w.clock.advance(11_000);
  expect(w.samples).toEqual([
    ["x", 1, "ok"],
    ["x", 3, "ok"],
    ["x", 6, "above-range"],
    ["x", 6, "above-range"],
  ]);
});

test("what stays the same stays the same source, and what goes is reckoned no more", async () => {
  const point = derivedPoint("x", "[a/x]");
  const w = await reckoning(point);
  const [before] = w.derived.sources;
  await w.apply([point]);
  expect(w.derived.sources[0]).toBe(before);
  await w.apply([]);
  w.set("a/x", 1);
  await w.clock.advance(5_000);
  expect([w.derived.sources, w.samples]).toEqual([[], []]);
});
