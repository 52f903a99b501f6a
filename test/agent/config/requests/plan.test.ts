import { describe, expect, test } from "vitest";
import { planPolls } from "../../../../agent/config/requests/plan.ts";
import type { PointSnapshot, RequestRules } from "../../../../agent/config/snapshot.ts";
import { device, point, requests } from "../../field/snapshots.ts";

describe("the requests that read a device", () => {
  test("are one per run of neighbours where nothing is said, never across a gap, tables or periods", () => {
    const points = [
      point("a", { address: 1 }),
      point("b", { address: 2 }),
      point("wide", { address: 3, type: "float32", count: 2 }),
      point("gap", { address: 6 }),
      point("slow", { address: 5, pollMs: 5_000 }),
      point("in", { address: 1, table: "input-register" }),
      point("coil", { address: 0, table: "coil" }),
      point("coil-2", { address: 15, table: "coil" }),
      point("coil-3", { address: 14, table: "coil" }),
    ];
    expect(planPolls(device("d", 1, { points })).map(({ request: r }) => [r.function, r.address, r.count])).toEqual([
      [3, 1, 4],
      [3, 6, 1],
      [3, 5, 1],
      [4, 1, 1],
      [1, 0, 1],
      [1, 14, 2],
    ]);
  });

  test("are one per point with onePerPoint, and one per register for its bits", () => {
    const points = [
      point("a", { address: 1 }),
      point("b", { address: 2 }),
      point("bit-0", { address: 2, type: "bool", bit: 0 }),
      point("bit-1", { address: 2, type: "bool", bit: 1 }),
      point("wide", { address: 2, type: "float32", count: 2 }),
    ];
    const plans = planPolls(device("d", 1, { points, requests: requests({ onePerPoint: true }) }));
    expect(plans.map(({ request: { address, count }, points: own }) => [address, count, own.length])).toEqual([
      [1, 1, 1],
      [2, 1, 3],
      [2, 2, 1],
    ]);
  });

  test("never divide a value between two of them", () => {
    const points = [0, 2, 4].map((address) => point(`p${address}`, { address, count: 2, type: "float32" }));
    expect(ranges(points, { registersMax: 3 })).toEqual([
      [0, 2],
      [2, 2],
      [4, 2],
    ]);
  });
});

/** Registers 0 to 29 may be read; wanted are 3, 4, 11, 25. Ten fit in one request. */
describe("a declared block", () => {
  const points = [3, 4, 11, 25].map((address) => point(`p${address}`, { address }));
  const blocks = [{ table: "holding-register", address: 0, count: 30 }] as const;

  test.each([
    ["none", [[0, 10], [10, 10], [20, 10]]],
    ["shrink", [[3, 2], [11, 1], [25, 1]]],
    // two would do, and read 10: as many requests as before are kept, to read less
    ["rearrange", [[3, 2], [11, 1], [25, 1]]],
  ] as const)("is read with %s as that promises", (optimise, expected) => {
    expect(ranges(points, { optimise, blocks, registersMax: 10 })).toEqual(expected);
  }); // prettier-ignore

  test("is rearranged where the cut is unlucky", () => {
    const unlucky = [8, 9, 10, 11, 19].map((address) => point(`p${address}`, { address }));
    expect(ranges(unlucky, { optimise: "shrink", blocks, registersMax: 10 })).toEqual([
      [8, 2],
      [10, 10],
    ]);
    expect(ranges(unlucky, { optimise: "rearrange", blocks, registersMax: 10 })).toEqual([
      [8, 4],
      [19, 1],
    ]);
  });

  test("leaves out requests that would read nothing anybody asked for, and points beside it to themselves", () => {
    const far = [...points.slice(0, 1), point("beside", { address: 30 }), point("input", { table: "input-register" })];
    expect(ranges(far, { blocks, registersMax: 10 })).toEqual([
      [0, 10],
      [30, 1],
      [0, 1],
    ]);
  });

  test("is read in as few requests as gaps of insertMax allow with max-insert, which ignores blocks", () => {
    expect(ranges(points, { optimise: "max-insert", insertMax: 6 })).toEqual([
      [3, 9],
      [25, 1],
    ]);
    expect(ranges(points, { optimise: "max-insert", insertMax: 5 })).toEqual([
      [3, 2],
      [11, 1],
      [25, 1],
    ]);
  });
});

test("coils begin at address 0 where the device wants it so, and nothing else does", () => {
  const points = [
    point("c", { table: "coil", address: 9 }),
    point("d", { table: "coil", address: 40 }),
    point("i", { table: "discrete-input", address: 40 }),
  ];
  expect(ranges(points, { coilsFromZero: true })).toEqual([
    [0, 41],
    [40, 1],
  ]);
  const [first] = planPolls(device("d", 1, { points, requests: requests({ coilsFromZero: true }) }));
  expect(first?.points).toEqual([
    { index: 0, offset: 9 },
    { index: 1, offset: 40 },
  ]);
  expect(ranges(points, { coilsFromZero: true, onePerPoint: true })).toEqual([
    [0, 10],
    [0, 41],
    [40, 1],
  ]);
});

describe("what reading clears", () => {
  test("is alone in its request, cut out of blocks and gaps, and its bits are read at once", () => {
    const points = [
      point("a", { address: 3 }),
      point("alarm-0", { address: 4, type: "bool", bit: 0, clearOnRead: true }),
      point("alarm-1", { address: 4, type: "bool", bit: 1, clearOnRead: true }),
      point("b", { address: 5 }),
    ];
    const apart = [
      [3, 1],
      [5, 1],
      [4, 1],
    ];
    expect(ranges(points, {})).toEqual(apart);
    expect(ranges(points, { optimise: "max-insert", insertMax: 50 })).toEqual(apart);
    const blocks = [{ table: "holding-register", address: 0, count: 10 }] as const;
    expect(ranges(points, { blocks })).toEqual([
      [0, 4],
      [5, 5],
      [4, 1],
    ]);
    const clearing = planPolls(device("d", 1, { points })).filter((plan) => plan.clearOnRead);
    expect(clearing.map((plan) => plan.points.map(({ index }) => index))).toEqual([[1, 2]]);
  });

  test("in one period is not touched by the requests of another", () => {
    const points = [
      point("a", { address: 0 }),
      point("count", { address: 1, clearOnRead: true, pollMs: 60_000 }),
      point("b", { address: 2 }),
    ];
    expect(ranges(points, { optimise: "max-insert", insertMax: 9 })).toEqual([
      [0, 1],
      [2, 1],
      [1, 1],
    ]);
  });
});

function ranges(points: readonly PointSnapshot[], rules: Partial<RequestRules>): readonly (readonly number[])[] {
  return planPolls(device("d", 1, { points, requests: requests(rules) })).map(({ request }) => [
    request.address,
    request.count,
  ]);
}
