import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planPolls } from "../../../../agent/field/points/plan.ts";
import { device, point } from "../snapshots.ts";

describe("the requests that read a device", () => {
  test("are one per point where nothing is said about merging, and one per register for its bits", () => {
    const plans = planPolls(
      device("d", 1, {
        points: [
          point("a", { address: 1 }),
          point("b", { address: 2 }),
          point("bit-0", { address: 2, type: "bool", bit: 0 }),
          point("bit-1", { address: 2, type: "bool", bit: 1 }),
          point("wide", { address: 2, type: "float32", count: 2 }),
        ],
      }),
    );
    expect(plans.map(({ request: { address, count }, points }) => [address, count, points.length])).toEqual([
      [1, 1, 1],
      [2, 1, 3],
      [2, 2, 1],
    ]);
  });

  test("merge neighbours up to the device's limits, never across tables or periods", () => {
    const plans = planPolls(
      device("d", 1, {
        merge: { gapMax: 2, registersMax: 10, bitsMax: 16 },
        points: [
          point("a", { address: 0 }),
          point("b", { address: 3 }),
          point("c", { address: 7 }),
          point("d", { address: 8, type: "float32", count: 2 }),
          point("e", { address: 10 }),
          point("slow", { address: 1, pollMs: 5_000 }),
          point("in", { address: 1, table: "input-register" }),
          point("coil", { address: 0, table: "coil" }),
          point("coil-2", { address: 15, table: "coil" }),
          point("coil-3", { address: 14, table: "coil" }),
        ],
      }),
    );
    const seen = plans.map(({ request: r, periodMs }) => [r.function, r.address, r.count, periodMs]);
    expect(seen).toEqual([
      [3, 0, 4, 1_000],
      [3, 7, 4, 1_000],
      [3, 1, 1, 5_000],
      [4, 1, 1, 1_000],
      [1, 0, 1, 1_000],
      [1, 14, 2, 1_000],
    ]);
  });

  test("read every point exactly once, inside its table and inside the limits", () => {
    const anyPoint = fc
      .record({
        address: fc.nat(65_535),
        count: fc.constantFrom(1, 2, 4),
        table: fc.constantFrom("coil", "input-register"),
      })
      .map(({ address, count, table }) =>
        table === "coil"
          ? point("p", { table: "coil", address })
          : point("p", { table: "input-register", address: Math.min(address, 65_536 - count), count }),
      );
    const near = fc
      .tuple(fc.nat(65_000), fc.array(anyPoint, { minLength: 1, maxLength: 30 }))
      .map(([base, points]) =>
        points.map((one) => ({ ...one, address: Math.min(base + (one.address % 60), 65_536 - one.count) })),
      );
    fc.assert(
      fc.property(
        fc.oneof(fc.array(anyPoint, { minLength: 1 }), near),
        fc.nat(20),
        fc.integer({ min: 4, max: 125 }),
        (points, gapMax, registersMax) => {
          const plans = planPolls({ unit: 1, points, merge: { gapMax, registersMax, bitsMax: 64 } });
          const read = plans.flatMap((plan) => plan.points.map(({ index }) => index)).toSorted((a, b) => a - b);
          expect(read).toEqual(points.map((_, i) => i));
          for (const { request, points: planned } of plans) {
            expect(request.address + request.count).toBeLessThanOrEqual(65_536);
            expect(request.count).toBeLessThanOrEqual(request.function === 1 ? 64 : registersMax);
            for (const { index, offset } of planned) {
              const one = points[index];
              expect(request.address + offset).toBe(one?.address);
              expect(offset + (one?.count ?? 0)).toBeLessThanOrEqual(request.count);
            }
          }
        },
      ),
      { numRuns: 2_000, seed: 3 },
    );
  });
});
