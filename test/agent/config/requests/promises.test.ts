import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planPolls } from "../../../../agent/config/requests/plan.ts";
import type { PollPlan } from "../../../../agent/config/requests/plan.ts";
import type { BlockSnapshot, PointSnapshot, RequestRules } from "../../../../agent/config/snapshot.ts";
import { point, requests } from "../../field/snapshots.ts";

const OPTIMISE = ["none", "shrink", "rearrange", "max-insert"] as const;
const ADDRESSES = 65_536;

/** Points close enough to each other that requests meet, anywhere in the table up to its end. */
const points = fc
  .tuple(
    fc.oneof(fc.nat(ADDRESSES), fc.constant(ADDRESSES - 40)),
    fc.array(
      fc.record({
        at: fc.nat(80),
        count: fc.constantFrom(1, 1, 1, 2, 4),
        coil: fc.boolean(),
        clearing: fc.boolean(),
        slow: fc.boolean(),
      }),
      { minLength: 1, maxLength: 25 },
    ),
  )
  .map(([base, drawn]) => {
    const all: PointSnapshot[] = [];
    for (const { at, count: wide, coil, clearing, slow } of drawn) {
      const count = coil ? 1 : wide;
      const address = Math.min(base + at, ADDRESSES - count);
      const table = coil ? "coil" : "input-register";
      const next = point("p", { table, address, count, pollMs: slow ? 5_000 : 1_000 });
      // what reading clears overlaps nothing else: the file is refused where it does
      const met = all.filter((one) => one.table === table && touches(one, next));
      if (met.some((one) => one.clearOnRead === true)) continue;
      all.push(clearing && met.length === 0 ? { ...next, clearOnRead: true } : next);
    }
    return all;
  });
const rules = fc.record({
  optimise: fc.constantFrom(...OPTIMISE),
  insertMax: fc.nat(20),
  onePerPoint: fc.boolean(),
  registersMax: fc.integer({ min: 4, max: 125 }),
  bitsMax: fc.integer({ min: 1, max: 64 }),
});

function touches(
  one: { readonly address: number; readonly count: number },
  other: { readonly address: number; readonly count: number },
): boolean {
  return one.address < other.address + other.count && other.address < one.address + one.count;
}

/** Blocks beside each other, so that each point is wholly in one or in none. */
function blocksAround(all: readonly PointSnapshot[], sizes: readonly number[]): readonly BlockSnapshot[] {
  const blocks: BlockSnapshot[] = [];
  for (const table of ["coil", "input-register"] as const) {
    const own = all.filter((one) => one.table === table);
    let address = Math.max(0, Math.min(...own.map((one) => one.address)) - 3);
    for (const size of own.length === 0 ? [] : sizes) {
      const block = { table, address, count: Math.min(size, ADDRESSES - address) };
      if (block.count < 1) break;
      const cuts = own.some(
        (one) => touches(one, block) && (one.address < address || one.address + one.count > address + block.count),
      );
      if (!cuts) blocks.push(block);
      address += size + 1;
    }
  }
  return blocks;
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 });
const touched = (plans: readonly PollPlan[]): number => plans.reduce((sum, { request }) => sum + request.count, 0);
const plan = (all: readonly PointSnapshot[], how: Partial<RequestRules>): readonly PollPlan[] =>
  planPolls({ unit: 1, points: all, requests: requests(how) });

describe("whatever the points, limits and blocks", () => {
  test("every point is read exactly once, from its own place, inside its table and the limits", () => {
    fc.assert(
      fc.property(points, rules, sizes, (all, how, chosen) => {
        const plans = plan(all, { ...how, blocks: blocksAround(all, chosen) });
        const read = plans.flatMap((one) => one.points.map(({ index }) => index)).toSorted((a, b) => a - b);
        expect(read).toEqual(all.map((_, i) => i));
        for (const { request, points: planned, periodMs } of plans) {
          expect(request.address + request.count).toBeLessThanOrEqual(ADDRESSES);
          expect(request.count).toBeLessThanOrEqual(request.function === 1 ? how.bitsMax : how.registersMax);
          for (const { index, offset } of planned) {
            const one = all[index];
            expect(request.function).toBe(one?.table === "coil" ? 1 : 4);
            expect(request.address + offset).toBe(one?.address);
            expect(offset + (one?.count ?? 0)).toBeLessThanOrEqual(request.count);
            expect(periodMs).toBe(one?.pollMs);
          }
        }
      }),
      { numRuns: 2_000, seed: 3 },
    );
  });

  test("none, shrink and rearrange read nothing beside points and the blocks that they are in", () => {
    fc.assert(
      fc.property(points, rules, sizes, (all, how, chosen) => {
        if (how.optimise === "max-insert") return;
        const blocks = blocksAround(all, chosen);
        for (const { request } of plan(all, { ...how, blocks })) {
          const table = request.function === 1 ? "coil" : "input-register";
          const allowed = [...all, ...blocks].filter((one) => one.table === table);
          for (let address = request.address; address < request.address + request.count; address++) {
            expect(allowed.some((one) => touches(one, { address, count: 1 }))).toBe(true);
          }
        }
      }),
      { numRuns: 500, seed: 5 },
    );
  });

  test("none asks most and reads most, shrink reads less, rearrange least in no more requests", () => {
    fc.assert(
      fc.property(points, rules, sizes, (all, how, chosen) => {
        const rest = { ...how, onePerPoint: false, blocks: blocksAround(all, chosen) };
        const [none, shrink, rearrange] = OPTIMISE.slice(0, 3).map((optimise) => plan(all, { ...rest, optimise }));
        if (none === undefined || shrink === undefined || rearrange === undefined) throw new Error("no plans");
        expect(shrink.length).toBe(none.length);
        expect(touched(shrink)).toBeLessThanOrEqual(touched(none));
        expect(rearrange.length).toBeLessThanOrEqual(shrink.length);
        expect(touched(rearrange)).toBeLessThanOrEqual(touched(shrink));
      }),
      { numRuns: 1_000, seed: 7 },
    );
  });

  test("max-insert asks no more often the more it may insert, and never more often than none", () => {
    fc.assert(
      fc.property(points, rules, fc.nat(20), (all, how, more) => {
        const rest = { ...how, onePerPoint: false };
        const asks = (insertMax: number): number => plan(all, { ...rest, optimise: "max-insert", insertMax }).length;
        expect(asks(how.insertMax + more)).toBeLessThanOrEqual(asks(how.insertMax));
        expect(asks(0)).toBeLessThanOrEqual(plan(all, { ...rest, optimise: "none" }).length);
      }),
      { numRuns: 1_000, seed: 9 },
    );
  });

  test("what reading clears is alone in its request and touched by no other", () => {
    fc.assert(
      fc.property(points, rules, sizes, (all, how, chosen) => {
        const plans = plan(all, { ...how, blocks: blocksAround(all, chosen) });
        for (const [p, one] of all.entries()) {
          if (one.clearOnRead !== true) continue;
          const code = one.table === "coil" ? 1 : 4;
          const reading = plans.filter(({ request }) => request.function === code && touches(request, one));
          expect(reading.map(({ points: own, clearOnRead }) => [own.map(({ index }) => index), clearOnRead])).toEqual([
            [[p], true],
          ]);
          expect(reading[0]?.request.count).toBe(one.count);
        }
      }),
      { numRuns: 1_000, seed: 11 },
    );
  });
});

test("4 000 scattered points of one block are planned in well under a second", () => {
  const all = Array.from({ length: 4_000 }, (_, i) => point(`p${i}`, { address: i * 16 }));
  const blocks = [{ table: "holding-register", address: 0, count: ADDRESSES }] as const;
  const started = process.cpuUsage().user;
  const plans = plan(all, { optimise: "rearrange", blocks });
  expect((process.cpuUsage().user - started) / 1_000).toBeLessThan(2_000);
  expect(plans.length).toBeLessThanOrEqual(525);
});
