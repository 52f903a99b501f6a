import { describe, expect, test } from "vitest";
import { Check } from "typebox/value";
import { ALARMS_MAX, ALARMS_SHOWN_MAX, ALARM_EVENTS_MAX, AlarmsStatus } from "../../../../agent/contract/alarms.ts";
import type { StandingAlarm } from "../../../../agent/field/alarms/standing.ts";
import { alarmWorld, alarmsOf, expression, rule } from "./alarm-world.ts";

describe("an alarm", () => {
  test("is raised, acknowledged, returns, and each step is an event, a metric and a line in the status", async () => {
    const w = await alarmWorld([rule()]);
    expect([w.metric("well-high"), w.metric("raised"), w.metric("unacknowledged")]).toEqual(["normal", 0, 0]);
    await w.set("well/level", 3);
    expect([w.metric("well-high"), w.metric("raised"), w.metric("unacknowledged")]).toEqual(["raised", 1, 1]);
    expect(await w.order("acknowledge", "well-high", undefined, "on my way")).toEqual({ kind: "done", id: 0 });
    expect([w.metric("well-high"), w.metric("raised"), w.metric("unacknowledged")]).toEqual(["acknowledged", 1, 0]);
    expect(w.shown("well-high")).toMatchObject({
      by: "ann",
      evidence: expect.stringMatching(/limit 2\.5.*: on my way$/u),
    });
    await w.set("well/level", 1);
    expect(w.metric("well-high")).toBe("normal");
    expect(w.events()).toEqual([
      "well-high normal raised",
      "well-high raised acknowledged",
      "well-high acknowledged normal",
    ]);
    expect(Check(AlarmsStatus, w.alarms.status())).toBe(true);
  });

  test("that returned waits for somebody, and raised again counts again", async () => {
    const w = await alarmWorld([rule()]);
    for (const level of [3, 1, 3, 1]) await w.set("well/level", level);
    expect(w.shown("well-high")).toMatchObject({ state: "returned", active: false, raisedCount: 2 });
    await w.order("acknowledge", "");
    expect(w.state("well-high")).toBe("normal");
  });

  test("suppressed by design keeps still, and is raised as soon as it no longer is", async () => {
    const w = await alarmWorld([rule({ suppressedWhen: expression("[pump/on]") })]);
    await w.set("pump/on", true);
    await w.set("well/level", 3);
    expect(w.shown("well-high")).toMatchObject({ state: "suppressed", active: true });
    await w.set("pump/on", true, "no-reply");
    expect(w.state("well-high")).toBe("raised");
    expect(w.events()).toEqual(["well-high normal suppressed", "well-high suppressed raised"]);
  });

  test("shelved comes back by itself, and says who shelved it and why", async () => {
    const w = await alarmWorld([rule()]);
    await w.set("well/level", 3);
    await w.order("shelve", "well-high", 600_000, "sensor is being cleaned");
    expect(w.shown("well-high")).toMatchObject({
      state: "shelved",
      by: "ann",
      evidence: "shelved for 10 min: sensor is being cleaned",
      shelvedUntilMs: w.clock.wall().unixMs + 600_000,
    });
    await w.clock.advance(599_000);
    expect(w.state("well-high")).toBe("shelved");
    await w.clock.advance(1_500);
    expect(w.shown("well-high")).toMatchObject({ state: "raised", evidence: "the time on the shelf is up" });
  });
});

describe("an order is refused with its reason", () => {
  test.each([
    ["acknowledge", "nobody", undefined, "", "ALARM_UNKNOWN"],
    ["acknowledge", "well-high", undefined, "", "ALARM_NOT_WAITING"],
    ["shelve", "well-high", 60_000, "", "ALARM_REASON_MISSING"],
    ["shelve", "well-high", 3_600_001, "why", "ALARM_SHELVE_TIME"],
    ["shelve", "well-high", 0, "why", "ALARM_SHELVE_TIME"],
    ["shelve", "well-high", undefined, "why", "ALARM_SHELVE_TIME"],
    ["shelve", "", 60_000, "why", "ALARM_UNKNOWN"],
    ["shelve", "never", 60_000, "why", "ALARM_NOT_SHELVABLE"],
    ["unshelve", "well-high", undefined, "", "ALARM_NOT_SHELVED"],
  ] as const)("%s %s %s %j: %s", async (action, name, forMs, reason, code) => {
    const w = await alarmWorld([rule(), rule({ name: "never", shelveMsMax: 0 })]);
    expect((await w.order(action, name, forMs, reason)).refused?.code).toBe(code);
    expect(w.events()).toEqual([]);
  });

  test("and one that a restart would forget says so", async () => {
    const w = await alarmWorld([rule()]);
    await w.set("well/level", 3);
    w.disk.failSyncs(10);
    expect((await w.order("acknowledge", "well-high")).refused?.code).toBe("ALARM_NOT_STORED");
  });
});

describe("another configuration", () => {
  test("leaves what stays in its state, and says of what goes that it is over", async () => {
    const w = await alarmWorld([rule(), rule({ name: "gone" })]);
    await w.set("well/level", 3);
    await w.configure(alarmsOf([rule({ priority: "critical" })]));
    expect(w.shown("well-high")).toMatchObject({ state: "raised", priority: "critical" });
    expect(w.latest()).toMatchObject({
      alarm: "gone",
      from: "raised",
      to: "normal",
      evidence: "not configured any more",
    });
  });

  test("does not begin delays anew for rules and points that stay", async () => {
    const slow = rule({ onDelayMs: 5_000 });
    const w = await alarmWorld([slow]);
    await w.set("well/level", 3);
    await w.clock.advance(3_000);
    await w.configure(alarmsOf([slow, rule({ name: "other" })]));
    await w.clock.advance(2_000);
    expect(w.state("well-high")).toBe("raised");
  });

  test("that suppresses no longer lets go of what was suppressed", async () => {
    const w = await alarmWorld([rule({ suppressedWhen: expression("[pump/on]") })]);
    await w.set("pump/on", true);
    expect(w.state("well-high")).toBe("suppressed");
    await w.configure(alarmsOf([rule()]));
    await w.clock.advance(500);
    expect(w.state("well-high")).toBe("normal");
  });
});

describe("alarms of the gateway itself", () => {
  test("need no configuration, stand for several keys, and a new key raises an acknowledged one again", async () => {
    const w = await alarmWorld(undefined);
    expect(w.alarms.status()).toBeUndefined();
    w.alarms.set("second-master", "line-1", true, "another master asks unit 5, function 3");
    expect(w.shown("second-master")).toMatchObject({
      state: "raised",
      priority: "high",
      evidence: expect.stringMatching(/unit 5/u),
    });
    await w.order("acknowledge", "second-master");
    w.alarms.set("second-master", "line-1", true, "still");
    expect(w.state("second-master")).toBe("acknowledged");
    w.alarms.set("second-master", "line-2", true, "another one asks unit 9");
    expect(w.shown("second-master")).toMatchObject({ state: "raised", evidence: expect.stringMatching(/unit 9/u) });
    w.alarms.set("second-master", "line-1", false, "quiet");
    expect(w.state("second-master")).toBe("raised");
    w.alarms.set("second-master", "line-2", false, "quiet");
    expect(w.state("second-master")).toBe("returned");
    expect(w.alarms.sources).toEqual([]);
  });

  test("may be off, or have another priority, and are metrics where alarms are configured", async () => {
    const w = await alarmWorld([], { over: { system: { tamper: "off", "service-port": "critical" } } });
    w.alarms.set("tamper", "io/door", true, "open");
    w.alarms.set("service-port", "io/port", true, "plugged in");
    expect([w.state("tamper"), w.metric("tamper"), w.metric("service-port")]).toEqual(["normal", undefined, "raised"]);
    expect(w.shown("service-port")?.priority).toBe("critical");
  });

  test("that are turned on again stand for what came meanwhile, and not for what went", async () => {
    const w = await alarmWorld([], { over: { system: { tamper: "off", "outputs-held": "off" } } });
    w.alarms.set("tamper", "io/door", true, "open");
    w.alarms.set("outputs-held", "all", true, "held");
    w.alarms.set("outputs-held", "all", false, "over");
    expect(w.events()).toEqual([]);
    await w.configure(alarmsOf([]));
    expect(w.events()).toEqual(["tamper normal raised"]);
    expect(w.shown("tamper")?.evidence).toContain("io/door");
    await w.configure(alarmsOf([], { system: { tamper: "off" } }));
    w.alarms.set("tamper", "io/door", false, "closed");
    await w.configure(alarmsOf([]));
    expect(w.events()).toEqual(["tamper normal raised", "tamper raised normal"]);
  });

  test("survive a restart acknowledged where they are seen again, and return where they are not", async () => {
    const before = await alarmWorld([]);
    for (const name of ["second-master", "unexpected-unit"] as const) before.alarms.set(name, "line-1", true, "seen");
    await before.order("acknowledge", "");
    const after = await before.restart([]);
    after.alarms.set("second-master", "line-1", true, "seen");
    expect(after.events()).toEqual([]);
    await after.clock.advance(301_000);
    expect(after.events()).toEqual(["unexpected-unit acknowledged normal"]);
    expect(after.state("second-master")).toBe("acknowledged");
  });
});

test("5 000 alarms at once stay within every limit, and whoever watches is told once", async () => {
  const w = await alarmWorld(Array.from({ length: ALARMS_MAX }, (_, i) => rule({ name: `a${i}` })));
  const told: (readonly StandingAlarm[])[] = [];
  using _watch = w.alarms.watch((standing) => told.push(standing));
  await w.set("well/level", 3);
  expect(told.map((standing) => standing.length)).toEqual([0, ALARMS_MAX]);
  expect(w.alarms.status()).toMatchObject({ total: ALARMS_MAX + 11, counts: { raised: ALARMS_MAX } });
  expect(w.alarms.status()?.shown.length).toBe(ALARMS_SHOWN_MAX);
  expect(w.events().length).toBe(ALARM_EVENTS_MAX);
  expect(w.latest()?.lost).toBe(ALARMS_MAX - ALARM_EVENTS_MAX);
  await w.order("acknowledge", "");
  const after = await w.restart();
  await after.set("well/level", 3);
  expect(after.alarms.status()?.counts).toMatchObject({ acknowledged: ALARMS_MAX, raised: 0 });
});

test("what the plant changes is written at most once a second, whatever happens in it", async () => {
  const w = await alarmWorld([rule({ acknowledge: false })]);
  let writes = 0;
  const { open } = w.disk;
  w.disk.open = (path, options) => {
    if (path.startsWith("alarms.")) writes++;
    return open.call(w.disk, path, options);
  };
  for (let i = 0; i < 40; i++) await w.set("well/level", i % 2 === 0 ? 3 : 1);
  // 20 s; each write opens its slot once, and looks for the latest before the first
  expect(writes).toBeLessThanOrEqual(20 + 3);
  expect(w.events().length).toBe(40);
});
