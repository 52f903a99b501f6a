import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../../simulator/clock.ts";
import { virtualTime, world } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

test("a mark never overtakes the data that it covers, however much of it leaves at once", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i <= round * 10; i++) {
      w.field.sample("pump", [[1, round + i / 100]], clock.wall().unixMs);
      w.field.sample("meter", [[0, String(round * 1_000 + i)]], clock.wall().unixMs);
    }
    await w.pass(250);
  }
  const topics = w.broker.record.kept.map(({ topic }) => topic).slice(w.broker.record.kept.findIndex(isData));
  // each mark follows data of its own round, and no data is left behind the last one
  const marks = topics.flatMap((topic, i) => (topic.endsWith("/mark") ? [i] : []));
  expect(marks.length).toBeGreaterThanOrEqual(20);
  for (const at of marks) expect(topics[at - 1]).toContain("/DDATA/");
  expect(topics.findLastIndex((topic) => topic.includes("/DDATA/"))).toBeLessThan(marks.at(-1) ?? 0);
  expect(w.host.breaches).toEqual([]);
});

function isData({ topic }: { readonly topic: string }): boolean {
  return topic.includes("/DDATA/");
}
