import { expect, test } from "vitest";
import type { IoRelay } from "../../../../agent/config/snapshot/io.ts";
import { housingWorld, io } from "./housing-world.ts";

const relay = (over: Partial<IoRelay> = {}): IoRelay => ({
  line: "gpio:9",
  failSafe: false,
  priority: "high",
  untilAcknowledged: false,
  ...over,
});
const raised = { active: true, acknowledged: false } as const;
const acknowledged = { active: true, acknowledged: true } as const;
const returned = { active: false, acknowledged: false } as const;

test("the relay follows alarms of its priority and above until they have returned", async () => {
  await using w = housingWorld();
  await w.configure(io({ relay: relay() }));
  expect(w.digitalIo.levelOf("gpio:9")).toBe(false);
  await w.stand({ priority: "medium", ...raised });
  expect(w.digitalIo.levelOf("gpio:9")).toBe(false);
  await w.stand({ priority: "medium", ...raised }, { priority: "critical", ...raised });
  expect(w.digitalIo.levelOf("gpio:9")).toBe(true);
  expect(w.housing.status()?.relay).toEqual({ alarm: true });
  await w.stand({ priority: "critical", ...acknowledged });
  expect(w.digitalIo.levelOf("gpio:9")).toBe(true);
  await w.stand({ priority: "critical", ...returned });
  expect(w.digitalIo.levelOf("gpio:9")).toBe(false);
});

test("or until somebody has acknowledged them, returned or not", async () => {
  await using w = housingWorld();
  await w.configure(io({ relay: relay({ untilAcknowledged: true }) }));
  await w.stand({ priority: "high", ...returned });
  expect(w.digitalIo.levelOf("gpio:9")).toBe(true);
  await w.stand({ priority: "high", ...acknowledged });
  expect(w.digitalIo.levelOf("gpio:9")).toBe(false);
});

test("a fail-safe relay is energised while there is no alarm, and let go when the gateway leaves", async () => {
  await using w = housingWorld();
  await w.configure(io({ relay: relay({ failSafe: true }) }));
  expect(w.digitalIo.levelOf("gpio:9")).toBe(true);
  await w.stand({ priority: "high", ...raised });
  expect(w.digitalIo.levelOf("gpio:9")).toBe(false);
  await w.stand();
  expect(w.digitalIo.levelOf("gpio:9")).toBe(true);
  await w.housing.stop();
  expect(w.digitalIo.levelOf("gpio:9")).toBe(false);
});

test("another configuration does not make the relay drop", async () => {
  await using w = housingWorld();
  const levels: (boolean | undefined)[] = [];
  await w.configure(io({ relay: relay({ failSafe: true }) }));
  await w.housing.apply({
    site: "works",
    device: "gateway-1",
    queueValuesMax: 1_000,
    buses: [],
    io: io({ relay: relay({ failSafe: true, priority: "low" }) }),
  });
  levels.push(w.digitalIo.levelOf("gpio:9"));
  w.housing.start();
  levels.push(w.digitalIo.levelOf("gpio:9"));
  await w.clock.advance(10);
  levels.push(w.digitalIo.levelOf("gpio:9"));
  expect(levels).toEqual([true, true, true]);
});

test("a relay that cannot be set says so, and has what it should have once it can", async () => {
  await using w = housingWorld();
  await w.configure(io({ relay: relay() }));
  w.digitalIo.fail("gpio:9");
  await w.stand({ priority: "high", ...raised });
  expect(w.housing.status()?.relay).toMatchObject({ alarm: true, lastFault: { code: "HAL_LINE_FAILED" } });
  await w.clock.advance(20_000);
  w.digitalIo.restore("gpio:9");
  await w.clock.advance(5_000);
  expect(w.digitalIo.levelOf("gpio:9")).toBe(true);
  expect(w.housing.status()?.relay).toEqual({ alarm: true });
});

test("lamps say that it lives, that there is an alarm, and that the broker is there", async () => {
  await using w = housingWorld();
  const leds = [
    { line: "led:run", shows: "running" },
    { line: "led:alarm", shows: "alarm" },
    { line: "led:up", shows: "uplink" },
  ] as const;
  await w.configure(io({ leds }));
  const seen = (line: string) => w.digitalIo.levelOf(line);
  const over = async (line: string): Promise<Set<boolean | undefined>> => {
    const levels = new Set<boolean | undefined>();
    for (let i = 0; i < 8; i++) {
      await w.clock.advance(250);
      levels.add(seen(line));
    }
    return levels;
  };
  expect(await over("led:run")).toEqual(new Set([true, false]));
  expect([seen("led:alarm"), seen("led:up")]).toEqual([false, false]);
  w.housing.contact(true);
  await w.stand({ priority: "low", ...raised });
  expect(await over("led:up")).toEqual(new Set([true]));
  expect(await over("led:alarm")).toEqual(new Set([true, false]));
  await w.stand({ priority: "low", ...acknowledged });
  expect(await over("led:alarm")).toEqual(new Set([true]));
  w.housing.contact(false);
  await w.clock.advance(1);
  expect(seen("led:up")).toBe(false);
  await w.housing.stop();
  expect(["led:run", "led:alarm", "led:up"].map(seen)).toEqual([false, false, false]);
});

test("nothing configured, nothing touched", async () => {
  await using w = housingWorld();
  await w.configure(undefined);
  expect(w.housing.sources).toEqual([]);
  expect(w.housing.status()).toBeUndefined();
  expect(w.digitalIo.levelOf("led:run")).toBeUndefined();
});
