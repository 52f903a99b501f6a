import { expect, test } from "vitest";
import { decodeFieldToUplink } from "../../../agent/contract/decode.ts";

const RIGHT = { kind: "shown", configDigest: "d", points: [0, 9_999], values: [1.5, null], qualities: [0, 1] };

test("values to be shown pass as they are, and so does a sign of life", () => {
  expect(decodeFieldToUplink(RIGHT)).toEqual(RIGHT);
  const nothing = { ...RIGHT, points: [], values: [], qualities: [] };
  expect(decodeFieldToUplink(nothing)).toEqual(nothing);
});

test.each([
  ["fewer values than points", { values: [1] }],
  ["more qualities than points", { qualities: [0, 0, 0] }],
  ["a record", { values: [[1, 2], 1] }],
  ["an index beyond the list", { points: [0, 10_000] }],
  ["a negative index", { points: [-1, 0] }],
  ["an unknown quality", { qualities: [0, 99] }],
  ["a long text", { values: ["x".repeat(251), 1] }],
  ["a long digest", { configDigest: "d".repeat(65) }],
  ["another key", { further: true }],
  ["too many", { points: Array(10_001).fill(0), values: Array(10_001).fill(0), qualities: Array(10_001).fill(0) }],
])("%s is refused", (_, over) => {
  expect(decodeFieldToUplink({ ...RIGHT, ...over })).toBeUndefined();
});
