import { expect, test } from "vitest";
import { decodeFieldToUplink } from "../../../agent/contract/decode.ts";
import { RECORD_VALUES_MAX, STRING_VALUE_CHARS_MAX, scalarsOf } from "../../../agent/contract/telemetry.ts";

const batch = (...values: readonly unknown[]): Record<string, unknown> => ({
  kind: "batch",
  revision: 1,
  source: 0,
  first: 0,
  trust: "trusted",
  points: values.map((_, i) => i),
  values,
  qualities: values.map(() => 0),
  times: values.map(() => 1),
});
const taken = (...values: readonly unknown[]): boolean => decodeFieldToUplink(batch(...values)) !== undefined;

test.each<[string, unknown]>([
  ["a record", [1, "a", true, null]],
  ["an empty record", []],
  ["a record as long as there may be", Array.from({ length: RECORD_VALUES_MAX }, () => 1)],
  ["a number", 1.5],
  ["text as long as there may be", "x".repeat(STRING_VALUE_CHARS_MAX)],
])("%s is a value between the rooms", (_what, value) => {
  expect(taken(value, 1)).toBe(true);
});

test.each<[string, unknown]>([
  ["a longer record", Array.from({ length: RECORD_VALUES_MAX + 1 }, () => 1)],
  ["a record in a record", [[1]]],
  ["a record with a longer text", ["x".repeat(STRING_VALUE_CHARS_MAX + 1)]],
  ["a record with an object", [{}]],
  ["an object", { length: 1 }],
  ["nothing", undefined],
  ["a longer text", "x".repeat(STRING_VALUE_CHARS_MAX + 1)],
])("%s is none", (_what, value) => {
  expect(taken(1, value)).toBe(false);
});

test("a record takes as much credit as it has values, a value without one takes its place, too", () => {
  expect(scalarsOf({ values: [1, "a", null, [1, 2, 3], []] })).toBe(6);
});
