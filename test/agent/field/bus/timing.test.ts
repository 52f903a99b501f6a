import { describe, expect, test } from "vitest";
import { characterMs } from "../../../../hal/serial.ts";
import { busWorld } from "../world.ts";
import { bus, device, registers, rtu } from "../snapshots.ts";

/** Modbus over serial line V1.02 §2.5.1.1: 3.5 characters of 11 bits, and 1.750 ms above 19 200 baud. */
describe.each([
  { baudRate: 9_600, runMs: 120_000, t35Ms: 38_500 / 9_600 },
  { baudRate: 19_200, runMs: 30_000, t35Ms: 38_500 / 19_200 },
  { baudRate: 115_200, runMs: 10_000, t35Ms: 1.75 },
])("a serial line of $baudRate baud", ({ baudRate, runMs, t35Ms }) => {
  test("is silent for at least T3.5 before every request and busy for at least 90 % of what it could be", async () => {
    await using world = busWorld();
    const transport = rtu({ baudRate });
    const units = [1, 2, 3];
    const replyDelayMs = 5;
    world.line(world.devices(units, replyDelayMs), transport);
    const full = { ...registers(20, { pollMs: 20 }), pollMs: 20 };
    const started = world.start(
      bus(
        "line",
        units.map((unit) => device(`d${unit}`, unit, full)),
        { transport },
      ),
    );
    await world.clock.advance(runMs);

    const trace = world.serial.trace(transport.path);
    let lastMs = Number.NEGATIVE_INFINITY;
    let direction = "in";
    const gaps: number[] = [];
    for (const character of trace) {
      if (character.direction === "out" && direction === "in") gaps.push(character.startMs - lastMs);
      direction = character.direction;
      lastMs = character.endMs;
    }
    expect(gaps.length).toBeGreaterThan(500);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(t35Ms);

    const { requests, timeouts, crcErrors, shortFrames } = world.counters(started);
    expect({ timeouts, crcErrors, shortFrames }).toEqual({ timeouts: 0, crcErrors: 0, shortFrames: 0 });
    const idealMs = (8 + 5 + 40) * characterMs(transport) + 2 * t35Ms + replyDelayMs;
    const efficiency = (requests * idealMs) / runMs;
    expect(efficiency).toBeGreaterThan(0.98);
    expect(started.status(false).loadPercent).toBeGreaterThan(80);
  });
});
