import { expect, test } from "vitest";
import { seededEntropy } from "../../simulator/entropy.ts";

test("the same seed gives the same chance, another seed another", () => {
  const [one, same, other] = [seededEntropy(7), seededEntropy(7), seededEntropy(8)];
  const bytes = one.bytes(32);
  expect(same.bytes(32)).toEqual(bytes);
  expect(other.bytes(32)).not.toEqual(bytes);
  expect(same.fraction()).toBe(one.fraction());
});
