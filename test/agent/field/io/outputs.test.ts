import { describe, expect, test } from "vitest";
import { silentLog } from "../../../../agent/contract/log.ts";
import { DrivenOutput } from "../../../../agent/field/io/driven-output.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { memoryDigitalIo } from "../../../../simulator/digital-io.ts";
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

describe("a driver that hangs", () => {
  test("is told of while it does, and the relay has what it should have once it goes on", async () => {
    await using w = housingWorld();
    await w.configure(io({ relay: relay() }));
    w.digitalIo.hang("gpio:9");
    await w.stand({ priority: "high", ...raised });
    await w.clock.advance(4_000);
    expect(w.housing.status()?.relay).toEqual({ alarm: true });
    await w.clock.advance(1_100);
    expect(w.housing.status()?.relay).toMatchObject({
      lastFault: { code: "HAL_LINE_FAILED", message: "gpio:9 has not answered for 5 s" },
    });
    await w.stand();
    await w.stand({ priority: "critical", ...raised });
    w.digitalIo.restore("gpio:9");
    await w.clock.advance(1);
    expect(w.housing.status()?.relay).toEqual({ alarm: true });
    expect(w.digitalIo.levelOf("gpio:9")).toBe(true);
  });

  test("holds up no other configuration, and writes nothing after it", async () => {
    await using w = housingWorld();
    await w.configure(io({ relay: relay({ failSafe: true }) }));
    w.digitalIo.hang("gpio:9");
    await w.stand({ priority: "high", ...raised });
    await w.stand();
    const next = w.apply(io({ relay: relay({ line: "gpio:1", failSafe: false }) }));
    await w.clock.advance(1_100);
    await next;
    expect(w.digitalIo.levelOf("gpio:1")).toBe(false);
    w.digitalIo.restore("gpio:9");
    await w.clock.advance(10_000);
    // the write that hung comes to its end; nothing follows it
    expect(w.digitalIo.levelOf("gpio:9")).toBe(false);
    expect(w.digitalIo.levelOf("gpio:1")).toBe(false);
  });

  test("does not hold up an end, wherever it hangs", async () => {
    const w = housingWorld();
    for (const line of ["gpio:9", "led:run"]) w.digitalIo.hang(line);
    await w.configure(io({ relay: relay(), leds: [{ line: "led:run", shows: "running" }] }));
    let over = false;
    const stopping = w.housing.stop().then(() => (over = true));
    await w.clock.advance(1_100);
    expect(over).toBe(true);
    await stopping;
  });
});

test("a relay that was torn off and comes back has its level again, though nothing else changed meanwhile", async () => {
  await using w = housingWorld();
  await w.configure(io({ relay: relay() }));
  await w.stand({ priority: "high", ...raised });
  w.digitalIo.fail("gpio:9");
  await w.stand();
  await w.stand({ priority: "high", ...raised });
  w.digitalIo.restore("gpio:9");
  await w.clock.advance(5_000);
  expect(w.digitalIo.levelOf("gpio:9")).toBe(true);
});

test("a relay that is not fail-safe keeps its alarm when the gateway leaves", async () => {
  const w = housingWorld();
  await w.configure(io({ relay: relay() }));
  await w.stand({ priority: "high", ...raised });
  await w.housing.stop();
  expect(w.digitalIo.levelOf("gpio:9")).toBe(true);
});

test("an output has its latest level, whenever it is told another", async () => {
  for (let later = 0; later < 12; later++) {
    const clock = virtualClock();
    const digitalIo = memoryDigitalIo(["gpio:9"]);
    const output = new DrivenOutput({ clock, digitalIo, log: silentLog }, "gpio:9");
    output.set(true);
    for (let i = 0; i < later; i++) await Promise.resolve();
    output.set(false);
    await clock.advance(1);
    expect(digitalIo.levelOf("gpio:9"), `told ${later} turns later`).toBe(false);
    await output.stop(undefined);
  }
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
