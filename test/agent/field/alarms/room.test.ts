import { expect, test } from "vitest";
import type { FieldFacts } from "../../../../agent/contract/health.ts";
import { fieldWorld } from "../field-world.ts";
import { bus, device, field, point } from "../snapshots.ts";
import { alarmsOf, expression, rule } from "./alarm-world.ts";

const high = rule({ condition: { kind: "high", point: "well/level", limit: 1_005, hysteresis: 2 } });
const derived = {
  device: "derived",
  points: [{ name: "twice", type: "float64" as const, everyMs: 1_000, deadband: 0, heartbeatMs: 0, expression: expression("[well/level] * 2") }],
}; // prettier-ignore
const part = field([bus("line-1", [device("well", 1, { points: [point("level", { address: 10 })] })])], {
  derived,
  alarms: alarmsOf([high, rule({ name: "twice-high", condition: { kind: "when", expression: expression("[derived/twice] > 2010") } })]),
}); // prettier-ignore

test("a level on the bus becomes a derived point, an alarm, a metric, health, and outlives a restart of field", async () => {
  const w = fieldWorld();
  w.line(w.devices([1])); // its register 10 says 1010
  await w.keeper();
  expect(await w.configure("d1", part)).not.toHaveProperty("refused");
  const uplink = await w.uplink();
  uplink.credit(1_000);
  await w.clock.advance(5_000);

  const status = await w.status(true);
  expect(status.alarms?.shown.map(({ name, state, evidence }) => `${name} ${state}: ${evidence}`).toSorted()).toEqual([
    "twice-high raised: [derived/twice] > 2010: derived/twice is 2020",
    "well-high raised: well/level is 1010, high limit 1005, hysteresis 2",
  ]);
  const values = new Map(
    status.local?.flatMap(({ name, points }) => points.map((one) => [`${name}/${one.name}`, one.value])),
  );
  expect([values.get("derived/twice"), values.get("alarms/well-high"), values.get("alarms/raised")]).toEqual([
    2_020,
    "raised",
    2,
  ]);
  const facts = uplink.messages.flatMap((message) =>
    message.kind === "field-health" ? [message.facts] : [],
  ) as FieldFacts[];
  expect(facts.at(-1)?.alarms).toEqual({ raised: 2, unacknowledged: 2 });
  const sources = uplink.rosters.at(-1)?.sources.map(({ name }) => name);
  expect(sources).toEqual(["well", "derived", "alarms"]);

  const channel = await w.keeper();
  channel.send({ kind: "alarm", id: 7, action: "acknowledge", alarm: "well-high", by: "ann", reason: "" });
  await w.clock.advanceUntil(() => w.heard.some((message) => message.kind === "done" && message.id === 7), 5_000);
  await w.stop();

  const again = fieldWorld({ disk: w.disk });
  await again.keeper();
  const after = await again.status();
  expect(after.alarms?.shown.find(({ name }) => name === "well-high")).toMatchObject({
    state: "acknowledged",
    by: "ann",
  });
  expect(after.alarms?.shown.find(({ name }) => name === "twice-high")).toMatchObject({ state: "raised" });
  // its receivers may never have heard of it: the field that raised it may have died first
  const told = (await again.uplink()).messages;
  await again.clock.advance(1_000);
  const events = told.flatMap((message) => (message.kind === "alarm-event" ? [message] : []));
  expect(events.map(({ alarm, from, to }) => `${alarm} ${from} ${to}`)).toEqual(["twice-high raised raised"]);
  const receivers = told.findIndex(({ kind }) => kind === "alarm-receivers");
  expect(receivers).toBeGreaterThanOrEqual(0);
  expect(receivers).toBeLessThan(told.findIndex(({ kind }) => kind === "alarm-event"));
  await again.stop();
});

test("what an uplink said of its receivers is said to the next one, before any event", async () => {
  const w = fieldWorld();
  w.line(w.devices([1]));
  await w.keeper();
  await w.configure("d1", part);
  const first = await w.uplink();
  await w.clock.advance(5_000);
  const cursors = [{ name: "control-room", sequence: 0, lost: 4 }];
  first.taken(0, cursors);
  await w.clock.advance(100);
  first.close();
  await w.clock.advance(100);
  const next = await w.uplink();
  await w.clock.advance(1_000);
  const said = next.messages.filter(({ kind }) => kind === "alarm-receivers" || kind === "alarm-event");
  expect(said[0]).toMatchObject({ kind: "alarm-receivers", bootId: next.bootId, receivers: cursors });
  expect(said[1]).toMatchObject({ kind: "alarm-event", sequence: 1 });
  await w.stop();
});

test("without derived points and alarms there are no further sources, and nothing of them in the status", async () => {
  await using w = fieldWorld();
  await w.keeper();
  await w.configure("d1", field([bus("line-1", [device("well", 1)])]));
  const status = await w.status(true);
  expect([status.local, status.alarms]).toEqual([undefined, undefined]);
});
