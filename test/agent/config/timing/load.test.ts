import { describe, expect, test } from "vitest";
import type { BusSnapshot, DeviceSnapshot } from "../../../../agent/config/snapshot.ts";
import { busLoad } from "../../../../agent/config/timing/load.ts";
import { wireOf } from "../../../../agent/config/timing/wire.ts";
import { silenceMs } from "../../../../agent/field/bus/serial-link.ts";
import { busWorld } from "../../field/world.ts";
import { bus, device, point, rtu, tcpBus } from "../../field/snapshots.ts";

const ANSWER_MS = 10;
const RUN_MS = 120_000;

/** Two devices of different periods, widths and gaps; no two of their points lie beside each other. */
function devices(pollMs: number): readonly DeviceSnapshot[] {
  const wide = [0, 10, 20].map((address) => point(`w${address}`, { address, type: "float64", count: 4, pollMs }));
  const bits = point("bits", { table: "coil", address: 3, pollMs: 2 * pollMs });
  return [
    device("meter", 1, { points: [...wide, bits] }),
    device("pump", 2, { points: [point("level", { address: 40, pollMs: 3 * pollMs })], requestGapMs: 7 }),
  ];
}

/** What the simulated line or socket had to do, and what was foretold. */
async function measured(snapshot: BusSnapshot) {
  await using world = busWorld(7);
  const plant = world.devices([1, 2], ANSWER_MS);
  if (snapshot.transport.kind === "tcp") await world.socket(snapshot.transport.host, plant);
  else world.line(plant, snapshot.transport);
  const started = world.start(snapshot);
  await world.clock.advance(RUN_MS);
  const { loadPercent, counters } = started.status(false);
  return { loadPercent, requestsPerSecond: (1_000 * counters.requests) / RUN_MS, latePolls: counters.latePolls };
}

/** All alike, so that it does not matter which of them wait where not all can be met. */
function alike(pollMs: number): readonly DeviceSnapshot[] {
  const points = [point("energy", { type: "float64", count: 4, pollMs })];
  return [1, 2].map((unit) => device(`meter-${unit}`, unit, { points, requestGapMs: 3 }));
}

describe.each([
  { name: "9 600 baud", on: (of: readonly DeviceSnapshot[]) => bus("line", of), pollMs: 300 },
  {
    name: "19 200 baud",
    on: (of: readonly DeviceSnapshot[]) => bus("line", of, { transport: rtu({ baudRate: 19_200 }) }),
    pollMs: 150,
  },
  { name: "TCP", on: (of: readonly DeviceSnapshot[]) => tcpBus("net", "192.0.2.7", of), pollMs: 100 },
])("what is foretold of polling at $name", ({ on, pollMs }) => {
  test("is what a bus with time to spare measures, within 3 %", async () => {
    const snapshot = on(devices(pollMs));
    const foretold = busLoad(snapshot, ANSWER_MS);
    const seen = await measured(snapshot);
    expect(foretold.percent).toBeGreaterThan(30);
    expect(foretold.percent).toBeLessThan(95);
    expect(seen.latePolls).toBe(0);
    expect(seen.requestsPerSecond / foretold.requestsPerSecond).toBeCloseTo(1, 1);
    expect(seen.loadPercent / foretold.busyPercent).toBeGreaterThan(0.97);
    expect(seen.loadPercent / foretold.busyPercent).toBeLessThan(1.03);
  });

  test("is full at 100 %: what asks for more gets that and no more, within 3 %", async () => {
    const snapshot = on(alike(20));
    const full = busLoad(snapshot, ANSWER_MS);
    const seen = await measured(snapshot);
    expect(full.percent).toBeGreaterThan(110);
    const possible = (100 * full.requestsPerSecond) / full.percent;
    expect(seen.requestsPerSecond / possible).toBeGreaterThan(0.97);
    expect(seen.requestsPerSecond / possible).toBeLessThan(1.03);
  });
});

test("the silence foretold is the silence kept", () => {
  for (const framing of ["rtu", "ascii"] as const)
    for (const baudRate of [300, 9_600, 19_200, 19_201, 115_200]) {
      const transport = rtu({ baudRate, framing });
      expect(wireOf(transport).silenceMs).toBe(silenceMs(transport));
    }
});
