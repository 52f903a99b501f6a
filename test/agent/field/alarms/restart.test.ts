import { describe, expect, test } from "vitest";
import { alarmWorld, bareAlarms, expression, rule } from "./alarm-world.ts";

describe("a restart", () => {
  test("forgets no acknowledgement, and raises nothing a second time", async () => {
    const before = await alarmWorld([
      rule(),
      rule({ name: "other", condition: { kind: "high", point: "well/level", limit: 1, hysteresis: 0 } }),
    ]);
    await before.set("well/level", 3);
    await before.order("acknowledge", "well-high");
    const after = await before.restart([
      rule(),
      rule({ name: "other", condition: { kind: "high", point: "well/level", limit: 1, hysteresis: 0 } }),
    ]);
    await after.set("well/level", 3);
    expect([after.state("well-high"), after.state("other")]).toEqual(["acknowledged", "raised"]);
    expect(after.metric("well-high")).toBe("acknowledged");
    // nobody knows whether its receivers heard of it, and nobody has seen to it
    expect(after.events()).toEqual(["other raised raised"]);
    await after.set("well/level", 0);
    expect(after.events().slice(1)).toEqual(["well-high acknowledged normal", "other raised returned"]);
  });

  test("is no end of what is suppressed by design, until it is known or half a minute is over", async () => {
    const rules = [rule({ suppressedWhen: expression("[pump/on]") })];
    const before = await alarmWorld(rules);
    await before.set("pump/on", true);
    await before.set("well/level", 3);
    const after = await before.restart();
    await after.clock.advance(2_000);
    await after.set("pump/on", true);
    expect(after.state("well-high")).toBe("suppressed");
    expect(after.events()).toEqual([]);
    const blind = await after.restart();
    await blind.clock.advance(29_500);
    expect(blind.events()).toEqual([]);
    await blind.clock.advance(1_000);
    expect(blind.events()).toEqual(["well-high suppressed raised"]);
  });

  test("gives nobody a longer time on the shelf than was asked for, whatever became of the clock", async () => {
    const before = await alarmWorld([rule()]);
    await before.set("well/level", 3);
    before.clock.setWall(Date.UTC(2040, 0, 1), "untrusted");
    await before.order("shelve", "well-high", 60_000, "why");
    before.clock.setWall(Date.UTC(2026, 0, 1), "trusted");
    const after = await before.restart();
    await after.clock.advance(59_000);
    expect(after.state("well-high")).toBe("shelved");
    await after.clock.advance(2_000);
    expect(after.state("well-high")).toBe("raised");
  });

  test("is not forgotten by an order that comes before there is a configuration", async () => {
    const before = await alarmWorld([rule()]);
    await before.set("well/level", 3);
    await before.order("acknowledge", "well-high");
    const { alarms, disk, clock } = before;
    await alarms.stop();
    const early = bareAlarms(disk, clock);
    const order = { kind: "alarm", id: 1, action: "acknowledge", alarm: "", by: "ann", reason: "" } as const;
    expect((await early.order(order)).refused?.code).toBe("ALARMS_NOT_READY");
    await early.stop();
    const after = await alarmWorld([rule()], { disk, clock });
    expect(after.state("well-high")).toBe("acknowledged");
  });

  test("finds what a full disk refused for a while", async () => {
    const before = await alarmWorld([rule()]);
    await before.set("well/level", 3);
    before.disk.failSyncs(10);
    await before.order("acknowledge", "well-high");
    before.disk.failSyncs(0);
    await before.clock.advance(62_000);
    // no farewell: the process is killed
    const after = await alarmWorld([rule()], { disk: before.disk });
    expect(after.state("well-high")).toBe("acknowledged");
  });

  test("goes on with a hysteresis where it was", async () => {
    const before = await alarmWorld([rule()]);
    await before.set("well/level", 3);
    const after = await before.restart();
    await after.set("well/level", 2.45);
    expect(after.state("well-high")).toBe("raised");
  });

  test("keeps the rest of the time on the shelf; with a clock that nobody vouches for, none of it", async () => {
    const before = await alarmWorld([rule()]);
    await before.set("well/level", 3);
    await before.order("shelve", "well-high", 600_000, "why");
    await before.clock.advance(300_000);
    const after = await before.restart();
    await after.clock.advance(299_000);
    expect(after.state("well-high")).toBe("shelved");
    after.clock.setWall(0, "untrusted");
    const later = await after.restart();
    await later.clock.advance(500);
    expect(later.state("well-high")).toBe("raised");
  });

  test("what is stored and makes no sense is left aside", async () => {
    const w = await alarmWorld([rule()]);
    await w.set("well/level", 3);
    await w.alarms.stop();
    const { openCell } = await import("../../../../hal/storage/cell.ts");
    await openCell(w.disk, "alarms").replace(Buffer.from('[{"name":"well-high","at":"on fire"},7,null]'));
    const after = await alarmWorld([rule()], { disk: w.disk });
    expect(after.state("well-high")).toBe("normal");
  });
});
