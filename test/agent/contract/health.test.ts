import { expect, test } from "vitest";
import { decodeFieldToUplink } from "../../../agent/contract/decode.ts";
import { HEALTH_FAULTS_MAX } from "../../../agent/contract/health.ts";

const FACTS = {
  buses: { online: 1, total: 2 },
  devices: { online: 0, total: 3 },
  queue: { values: 0, valuesMax: 1_000, dropped: 0 },
  faults: { BUS_SILENT: 1 },
};
const decoded = (facts: unknown): boolean => decodeFieldToUplink({ kind: "field-health", facts }) !== undefined;

test("what field says of itself is taken as the contract has it", () => {
  expect(decoded(FACTS)).toBe(true);
  expect(decoded({ ...FACTS, faults: {} })).toBe(true);
});

test("what could make a health that no consumer expects is refused", () => {
  const { queue: _, ...withoutQueue } = FACTS;
  const many = Object.fromEntries(Array.from({ length: HEALTH_FAULTS_MAX + 1 }, (_one, i) => [`F${i}`, 1]));
  for (const facts of [
    undefined,
    withoutQueue,
    { ...FACTS, more: 1 },
    { ...FACTS, buses: { online: -1, total: 2 } },
    { ...FACTS, faults: { BUS_SILENT: 0 } },
    { ...FACTS, faults: { ["X".repeat(65)]: 1 } },
    { ...FACTS, faults: many },
  ]) {
    expect([facts, decoded(facts)]).toEqual([facts, false]);
  }
});
