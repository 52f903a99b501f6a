import { describe, expect, test } from "vitest";
import { planPolls } from "../../../../agent/config/requests/plan.ts";
import { DeviceSource } from "../../../../agent/field/points/device-source.ts";
import { busWorld } from "../world.ts";
import { device, point } from "../snapshots.ts";

function sampling(over: Parameters<typeof point>[1]) {
  const world = busWorld();
  const snapshot = device("d", 1, { points: [point("p", over)] });
  const source = new DeviceSource("bus", snapshot, { clock: world.clock, sink: world.sink });
  const [plan] = planPolls(snapshot);
  if (plan === undefined) throw new Error("no plan");
  return {
    world,
    source,
    plan,
    read: (register: number): void => source.read(plan, Buffer.of(register >> 8, register & 0xff)),
    seen: () => world.samples.map(({ value, reason }) => [value, reason]),
  };
}

describe("a source", () => {
  test("samples a value that survives its dead-band, measured from the last sampled one", () => {
    const { read, seen } = sampling({ deadband: 3 });
    for (const value of [100, 102, 101, 103, 105, 106]) read(value);
    expect(seen()).toEqual([
      [100, "ok"],
      [103, "ok"],
      [106, "ok"],
    ]);
  });

  test("samples an unchanged value once its heartbeat is due", async () => {
    const { world, read, seen } = sampling({ heartbeatMs: 10_000 });
    for (let i = 0; i < 25; i++) {
      read(7);
      await world.clock.advance(1_000);
    }
    expect(seen().length).toBe(3);
  });

  test("samples every change of quality, keeping the last value while it is stale", () => {
    const { source, plan, read, seen } = sampling({ deadband: 1_000, high: 50 });
    read(40);
    source.failed(plan, "no-reply");
    source.failed(plan, "no-reply");
    source.failedAll("bus-down");
    read(41);
    read(51);
    source.failed(plan, "exception");
    read(42);
    expect(seen()).toEqual([
      [40, "ok"],
      [40, "no-reply"],
      [40, "bus-down"],
      [41, "ok"],
      [51, "above-range"],
      [null, "exception"],
      [42, "ok"],
    ]);
  });

  test("has nothing stale before the first value", () => {
    const { source, plan, seen } = sampling({});
    source.failed(plan, "no-reply");
    source.failedAll("bus-down");
    expect(seen()).toEqual([]);
    expect(source.points[0]).toMatchObject({ value: null, sequence: -1 });
  });

  test("counts the readings that are no value, and none that are", () => {
    const { source, seen, plan } = sampling({ type: "float32", count: 2 });
    const read = (bits: number): void => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(bits);
      source.read(plan, bytes);
    };
    for (const bits of [0x7fc0_0000, 0x7f80_0000, 0xff80_0000, 0x7fc0_0000, 0x3f80_0000]) read(bits);
    source.failed(plan, "exception");
    source.failedAll("bus-down");
    expect(source.invalidValues).toBe(4);
    expect(seen()[0]).toEqual([null, "not-a-number"]);
    const text = sampling({ type: "string" });
    text.read(0xff_fe);
    text.read(0x41_42);
    expect(text.source.invalidValues).toBe(1);
    expect(text.seen()).toEqual([
      [null, "not-text"],
      ["AB", "ok"],
    ]);
  });

  test("says when a value was read and how far the clock can be believed", async () => {
    const { world, read } = sampling({});
    world.clock.setWall(1_000_000, "untrusted");
    read(1);
    world.clock.setWall(2_000_000, "trusted");
    read(2);
    expect(world.samples.map(({ timeMs, trust }) => [timeMs, trust])).toEqual([
      [1_000_000, "untrusted"],
      [2_000_000, "trusted"],
    ]);
  });
});
