import { describe, expect, test } from "vitest";
import type { AlarmCondition } from "../../../../agent/config/snapshot/logic.ts";
import { alarmWorld, expression, rule } from "./alarm-world.ts";

const watching = (condition: AlarmCondition) => alarmWorld([rule({ name: "a", acknowledge: false, condition })]);

describe("a limit", () => {
  test("is over only once the value is back by the hysteresis", async () => {
    const w = await alarmWorld([rule({ acknowledge: false })]);
    const seen: string[] = [];
    for (const level of [2.5, 2.6, 2.45, 2.41, 2.4, 2.45]) {
      await w.set("well/level", level);
      seen.push(w.state("well-high"));
    }
    expect(seen).toEqual(["normal", "raised", "raised", "raised", "normal", "normal"]);
    expect(w.latest()?.evidence).toBe("well/level is 2.4, high limit 2.5, hysteresis 0.1");
  });

  test("below is as above, the other way", async () => {
    const w = await watching({ kind: "low", point: "well/level", limit: 1, hysteresis: 0.5 });
    const seen: string[] = [];
    for (const level of [1, 0.9, 1.4, 1.5]) {
      await w.set("well/level", level);
      seen.push(w.state("a"));
    }
    expect(seen).toEqual(["normal", "raised", "raised", "normal"]);
  });

  test.each([
    ["raised", 3],
    ["normal", 1],
  ])("without a usable value it stays as it is: %s, and says so", async (state, level) => {
    const w = await alarmWorld([rule({ acknowledge: false })]);
    await w.set("well/level", level);
    await w.set("well/level", level, "no-reply");
    await w.set("well/level", null, "exception");
    await w.clock.advance(3_600_000);
    expect(w.state("well-high")).toBe(state);
    if (state === "raised") {
      expect(w.shown("well-high")?.evidence).toMatch(/well\/level has no value \(exception\).*stays as it is/u);
    }
  });

  test("beyond the engineering range the value is uncertain and still raises it", async () => {
    const w = await alarmWorld([rule()]);
    await w.set("well/level", 3.2, "above-range");
    expect(w.shown("well-high")).toMatchObject({ state: "raised", evidence: expect.stringMatching(/above-range/u) });
  });

  test("takes a 64-bit integer for a number", async () => {
    const w = await watching({ kind: "high", point: "well/count", limit: 5, hysteresis: 0 });
    await w.set("well/count", "18446744073709551615");
    expect(w.state("a")).toBe("raised");
  });
});

describe("a rate of change", () => {
  const rate: AlarmCondition = {
    kind: "rate",
    point: "well/level",
    perSecondMax: 0.1,
    windowMs: 4_000,
    hysteresis: 0.05,
  };

  test.each([1, -1])(
    "raises whichever way the value runs (%d), and is over once it runs slower by the hysteresis",
    async (way) => {
      const w = await watching(rate);
      let level = 0;
      const run = async (perSecond: number, seconds: number): Promise<string> => {
        for (let second = 0; second < seconds; second++) {
          level += way * perSecond;
          w.put("well/level", level);
          await w.clock.advance(1_000);
        }
        return w.state("a");
      };
      expect(await run(0.09, 10)).toBe("normal");
      expect(await run(0.2, 6)).toBe("raised");
      expect(await run(0.07, 10)).toBe("raised");
      expect(await run(0.01, 10)).toBe("normal");
    },
  );

  test("a jump over a gap without values raises nothing: what nobody saw has no rate", async () => {
    const w = await watching(rate);
    for (let second = 0; second < 6; second++) await w.set("well/level", 0);
    await w.set("well/level", 0, "no-reply");
    await w.set("well/level", 2);
    await w.clock.advance(500);
    expect(w.state("a")).toBe("normal");
  });
});

describe("a state", () => {
  test("is raised by exactly its value", async () => {
    const w = await watching({ kind: "state", point: "pump/on", is: false });
    expect(w.state("a")).toBe("normal");
    await w.set("pump/on", false);
    expect(w.state("a")).toBe("raised");
    await w.set("pump/on", true);
    expect(w.state("a")).toBe("normal");
  });

  test("may be a text", async () => {
    const w = await watching({ kind: "state", point: "pump/tag", is: "FAULT" });
    await w.set("pump/tag", "FAULT");
    expect(w.latest()?.evidence).toBe('pump/tag is "FAULT", the alarm is for "FAULT"');
  });
});

describe("a value that does not move", () => {
  const stuck: AlarmCondition = { kind: "unchanged", point: "well/level", forMs: 60_000, deadband: 0.01 };
  const hold = async (w: Awaited<ReturnType<typeof watching>>, level: number, seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      w.put("well/level", level + 0.004 * (second % 2));
      await w.clock.advance(1_000);
    }
  };

  test("is raised after its time, noise within the dead-band or not, and is over at the first move", async () => {
    const w = await watching(stuck);
    await hold(w, 1, 59);
    expect(w.state("a")).toBe("normal");
    await hold(w, 1, 3);
    expect(w.state("a")).toBe("raised");
    expect(w.latest()?.evidence).toMatch(/has not moved for 60 s/u);
    await w.set("well/level", 1.02);
    expect(w.state("a")).toBe("normal");
  });

  test("time without a value does not count, and clears nothing", async () => {
    const w = await watching(stuck);
    await hold(w, 1, 40);
    await w.set("well/level", 1, "no-reply");
    await w.clock.advance(600_000);
    await hold(w, 1, 15);
    expect(w.state("a")).toBe("normal");
    await hold(w, 1, 10);
    expect(w.state("a")).toBe("raised");
    await w.set("well/level", 1, "bus-down");
    await hold(w, 1, 2);
    expect(w.events()).toEqual(["a normal raised"]);
  });
});

describe("no value", () => {
  test("is no news while nothing has been read since the start, but later is", async () => {
    const w = await watching({ kind: "no-value", point: "well/level" });
    await w.clock.advance(29_000);
    expect(w.state("a")).toBe("normal");
    await w.clock.advance(2_000);
    expect(w.state("a")).toBe("raised");
    await w.set("well/level", 1);
    expect(w.state("a")).toBe("normal");
    await w.set("well/level", 1, "no-reply");
    expect(w.shown("a")?.evidence).toBe("well/level has no value (no-reply); the last was 1");
  });
});

test("an expression raises where it is true, and without its inputs stays as it is", async () => {
  const w = await watching({ kind: "when", expression: expression("[well/level] > 2 and not [pump/on]") });
  await w.set("well/level", 3);
  expect(w.state("a")).toBe("normal");
  await w.set("pump/on", false);
  expect(w.latest()?.evidence).toBe("[well/level] > 2 and not [pump/on]: well/level is 3; pump/on is false");
  await w.set("pump/on", false, "no-reply");
  expect(w.state("a")).toBe("raised");
  await w.set("pump/on", true);
  expect(w.state("a")).toBe("normal");
});

describe("delays", () => {
  const slow = rule({ acknowledge: false, onDelayMs: 5_000, offDelayMs: 10_000 });

  test("what does not last raises nothing", async () => {
    const w = await alarmWorld([slow]);
    for (let i = 0; i < 5; i++) {
      await w.set("well/level", 3);
      await w.clock.advance(4_000);
      await w.set("well/level", 1);
    }
    expect(w.events()).toEqual([]);
  });

  test("both run on the monotonic clock, whatever somebody does to the wall clock", async () => {
    const w = await alarmWorld([slow]);
    await w.set("well/level", 3);
    w.clock.setWall(0, "untrusted");
    await w.clock.advance(4_000);
    expect(w.state("well-high")).toBe("normal");
    await w.clock.advance(1_000);
    expect(w.state("well-high")).toBe("raised");
    await w.set("well/level", 1);
    await w.clock.advance(9_000);
    expect(w.state("well-high")).toBe("raised");
    await w.clock.advance(1_000);
    expect(w.state("well-high")).toBe("normal");
  });

  test("a delay begins anew after a gap: what nobody saw does not count", async () => {
    const w = await alarmWorld([slow]);
    await w.set("well/level", 3);
    await w.clock.advance(3_000);
    await w.set("well/level", 3, "no-reply");
    await w.set("well/level", 3);
    await w.clock.advance(3_000);
    expect(w.state("well-high")).toBe("normal");
    await w.clock.advance(2_000);
    expect(w.state("well-high")).toBe("raised");
  });
});
