import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../../simulator/clock.ts";
import { PUMP, virtualTime, world } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const now = (): number => clock.wall().unixMs;

test("gaps of the field are said in a mark and counted as acknowledged", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.field.gap("pump", 10);
  w.field.gap("meter", 5);
  w.field.sample("pump", [[0, 1]], now());
  await w.pass(1_000);
  expect(w.host.marks.flatMap(({ gaps }) => gaps)).toEqual([
    { source: "pump", from: 0, to: 9, reason: "queue-full" },
    { source: "meter", from: 0, to: 4, reason: "queue-full" },
  ]);
  expect(w.field.acknowledged.gaps).toBe(2);
  expect(w.host.values[0]).toMatchObject({ source: "pump", sequence: 10 });
  const dropped = w.host.heard.findLast(({ verb }) => verb === "NDATA")?.payload.metrics.map(({ value }) => value);
  expect(dropped).toContain(15n);
});

test("another configuration of the field brings another birth; values of points that are gone are declared", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.broker.acceptAndNeverAnswer("tcp");
  w.broker.disconnectClients();
  await w.pass(10);
  w.field.sample(
    "pump",
    [
      [0, 1],
      [1, 2],
      [2, true],
    ],
    now(),
  );
  w.field.sample("meter", [[0, "9"]], now());
  await w.pass(10);
  w.field.configure([
    {
      name: "pump",
      points: [
        { name: "flow", type: "float64" },
        { name: "speed", type: "int32" },
      ],
    },
  ]);
  w.broker.answerAgain();
  await w.pass(40_000);
  expect(w.host.values.map(({ source, sequence, point, value }) => [source, sequence, point, value])).toEqual([
    ["pump", 1, "flow", 2],
  ]);
  expect(w.host.marks.flatMap(({ gaps }) => gaps)).toEqual([
    { source: "pump", from: 0, to: 0, reason: "configuration-changed" },
    { source: "pump", from: 2, to: 2, reason: "configuration-changed" },
    { source: "meter", from: 0, to: 0, reason: "configuration-changed" },
  ]);
  expect(Object.fromEntries(w.field.acknowledged.cursors)).toEqual({ pump: 2, meter: 0 });
  expect(w.host.breaches).toEqual([]);
});

test("values still under way when the field's configuration changes go out under the old births", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.field.sample("meter", [[0, "9"]], now());
  await w.pass(0);
  w.field.configure([PUMP]);
  await w.pass(1_000);
  expect(w.host.verbs().slice(3)).toEqual(["DDATA meter", "NBIRTH", "DBIRTH pump"]);
  expect(w.host.values).toHaveLength(1);
  expect(w.field.acknowledged.cursors.get("meter")).toBe(0);
});

test("a field that is lost for long takes its devices with it; a short absence nobody notices", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  await w.field.stop();
  await w.pass(1_500);
  await w.field.start();
  await w.pass(2_500);
  expect(w.host.verbs()).toEqual(["NBIRTH", "DBIRTH pump", "DBIRTH meter"]);
  await w.field.stop();
  await w.pass(4_000);
  expect(w.host.verbs().slice(3)).toEqual(["DDEATH pump", "DDEATH meter"]);
  await w.field.start("boot-2");
  await w.pass(1_500);
  expect(w.host.verbs().slice(5)).toEqual(["NBIRTH", "DBIRTH pump", "DBIRTH meter"]);
  expect(w.host.births.at(-1)?.bootId).toBe("boot-2");
  expect((await w.status()).state).toBe("online");
  expect(w.host.breaches).toEqual([]);
});

test("values of a field that died while there was no broker are declared lost under its own boot id", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.network.refuse("broker.test", 8883);
  w.broker.disconnectClients();
  await w.pass(10);
  w.field.sample(
    "pump",
    [
      [0, 1],
      [0, 2],
    ],
    now(),
  );
  await w.pass(100);
  await w.field.stop();
  await w.field.start("boot-2");
  await w.pass(1_000);
  w.field.sample("pump", [[0, 3]], now());
  w.network.restore("broker.test", 8883);
  await w.pass(70_000);
  expect(w.host.marks.filter(({ bootId }) => bootId === "boot-1").flatMap(({ gaps }) => gaps)).toEqual([
    { source: "pump", from: 0, to: 1, reason: "field-restarted" },
  ]);
  expect(w.host.values.map(({ bootId, sequence, value }) => [bootId, sequence, value])).toEqual([["boot-2", 0, 3]]);
  expect(w.host.breaches).toEqual([]);
});

test("a field that breaks the conversation's rules is cut off and heard again from the start", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  const connections = w.field.connections();
  w.field.sendRaw({
    kind: "batch",
    revision: 9,
    source: 0,
    first: 0,
    trust: "trusted",
    points: [0],
    values: [1],
    qualities: [0],
    times: [1],
  });
  await w.pass(2_000);
  expect(w.field.connections()).toBe(connections + 1);
  w.field.sample("pump", [[0, 1]], now());
  await w.pass(500);
  expect(w.host.values).toHaveLength(1);
});
