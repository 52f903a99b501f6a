import { expect, test } from "vitest";
import { DataType } from "../../../../agent/uplink/sparkplug/datatype.ts";
import { encodePayload } from "../../../../agent/uplink/sparkplug/encode.ts";
import type { Metric } from "../../../../agent/uplink/sparkplug/payload.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { CURVE_VALUES, MOTOR, NAMEPLATE_VALUES } from "../../uplink/record-sources.ts";
import { METER, PUMP, virtualTime, world } from "../../uplink/world.ts";
import { captured, decoded } from "./decoded.ts";

const REBIRTH: Metric = { name: "Node Control/Rebirth", type: DataType.Boolean, value: true };

/** Everything that happens to an uplink, as somebody with `mosquitto_sub` would have captured it. */
async function session(): Promise<readonly string[]> {
  const clock = virtualClock();
  using _globals = await virtualTime(clock);
  const lines: string[] = [];
  const now = (): number => clock.wall().unixMs;
  await using w = await world(clock, { sources: [MOTOR, PUMP, METER] });
  using _watch = w.broker.record.watch(({ topic, payload }) => void lines.push(captured(topic, payload)));
  await w.pass(1_000);
  w.field.sample(
    "motor",
    [
      [0, -5],
      [1, [...NAMEPLATE_VALUES]],
      [2, [...CURVE_VALUES]],
    ],
    now(),
  );
  w.field.sample(
    "pump",
    [
      [0, 3_100, 6],
      [1, 7.25],
      [2, true],
    ],
    now(),
  );
  w.field.gap("meter", 3);
  await w.pass(1_000);
  w.field.online("pump", false, now());
  await w.pass(1_000);
  w.field.online("pump", true, now());
  await w.pass(1_000);
  lines.push(captured("spBv1.0/harbour/NCMD/gw-1", encodePayload({ timestamp: now(), metrics: [REBIRTH] })));
  await w.rebirth();
  await w.pass(1_000);
  w.network.cut("broker.test", 8883);
  w.field.sample("pump", [[0, 1_201]], now());
  await w.pass(10_000);
  await w.stopUplink();
  return lines;
}

test("a whole session reads right to a person, and nothing in it is found fault with", async () => {
  const { code, out, err } = await decoded(await session());
  expect(err).toBe("");
  expect(code).toBe(0);
  for (const said of [
    "NBIRTH harbour/gw-1  seq 0\n    bdSeq                    0                    Int64",
    "    motor                    template definition  Template\n        maker (String)\n        serial (Int64)\n        power (Float) kW",
    "DBIRTH harbour/gw-1/pump  seq 2\n",
    "    speed                 null rpm   Int16    bad: never-read",
    "DDATA harbour/gw-1/motor  seq 4\n    Holdfast/Sequence  0                   at 00:00:01.000\n    speed              -5                  good  at 00:00:01.000",
    '    nameplate          template motor      good  at 00:00:01.000\n        maker "Holdfast"\n        serial 4000000000\n        power 7.5\n',
    "        hours 18446744073709551615\n        balance -5\n        trips -7\n        sealed true\n",
    "        flow (Float)  steps (Int64)  note (String)  valid (Boolean)\n                   0              1            \"a\"             true\n",
    "    speed              3100 rpm  uncertain: above-range  at 00:00:01.000",
    "holdfast/v1/harbour/gw-1/mark\n    bootId: boot-1\n    clock: trusted\n    sources: motor 2, pump 2\n    gaps:\n      - source meter, from 0, to 2, reason queue-full\n",
    "NDATA harbour/gw-1  seq 6\n    Holdfast/Values Dropped  3\n",
    "DDEATH harbour/gw-1/pump  seq 7\n",
    "NCMD harbour/gw-1\n    Node Control/Rebirth  true  Boolean\n",
    "1201 rpm  history",
    "NDEATH harbour/gw-1\n    bdSeq  0\n",
    "NDEATH harbour/gw-1\n    bdSeq  1\n",
  ]) {
    expect(out).toContain(said);
  }
  expect(out).not.toMatch(/was due|repeats|not born|is dead|alias \d|no seq/);
}); // prettier-ignore

test("a primary host that comes, goes and comes back reads right, and so does what the gateway does about it", async () => {
  const clock = virtualClock();
  using _globals = await virtualTime(clock);
  const lines: string[] = [];
  const sparkplug = { group: "harbour", edgeNode: "gw-1", primaryHost: "scada" };
  await using w = await world(clock, { sources: [METER], part: { sparkplug } });
  using _watch = w.broker.record.watch(({ topic, payload }) => void lines.push(captured(topic, payload)));
  for (const online of [true, false, true]) {
    w.field.sample("meter", [[0, "7"]], clock.wall().unixMs);
    const state = Buffer.from(JSON.stringify({ online, timestamp: clock.wall().unixMs }));
    lines.push(captured("spBv1.0/STATE/scada", state));
    await w.broker.publish("spBv1.0/STATE/scada", state, { retain: true });
    await w.pass(2_000);
  }
  const { code, out } = await decoded(lines);
  expect(code).toBe(0);
  const heads = out.match(/STATE.*|N(?:BIRTH|DEATH).*|D(?:BIRTH|DATA) .*/gu);
  expect(heads).toEqual([
    "STATE host scada is online",
    "NBIRTH harbour/gw-1  seq 0",
    "DBIRTH harbour/gw-1/meter  seq 1",
    "DDATA harbour/gw-1/meter  seq 2",
    "STATE host scada is offline",
    "NDEATH harbour/gw-1",
    "STATE host scada is online",
    "NBIRTH harbour/gw-1  seq 0",
    "DBIRTH harbour/gw-1/meter  seq 1",
    "DDATA harbour/gw-1/meter  seq 2",
  ]);
  expect(out.match(/7 +history/gu)).toHaveLength(2);
});

test("the same session as JSON is one object a line, with names, types and exact integers", async () => {
  const lines = await session();
  const { code, out } = await decoded(lines, ["--json"]);
  expect(code).toBe(0);
  const messages = out.trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(messages).toHaveLength(lines.length);
  const data = messages.find(({ verb, device }) => verb === "DDATA" && device === "motor");
  expect(data).toMatchObject({ kind: "sparkplug", group: "harbour", edgeNode: "gw-1", seq: 4, notes: [] });
  const [sequence, speed, plate, curve] = (data?.["metrics"] ?? []) as Record<string, unknown>[];
  expect(sequence).toMatchObject({ name: "Holdfast/Sequence", type: "UInt64", value: "0" });
  expect(speed).toMatchObject({ name: "speed", type: "Int16", value: -5, quality: "good", historical: false });
  expect(plate?.["value"]).toMatchObject({
    template: "motor",
    isDefinition: false,
    members: expect.arrayContaining([{ name: "hours", type: "UInt64", value: "18446744073709551615" }]),
  });
  expect(curve?.["value"]).toEqual({
    columns: ["flow", "steps", "note", "valid"],
    types: ["Float", "Int64", "String", "Boolean"],
    rows: [[0, "1", "a", true], [10.5, "2", "b", false], [20, "65535", "", true]],
  });
  expect(messages.filter(({ kind }) => kind === "json").length).toBeGreaterThan(3);
}); // prettier-ignore
