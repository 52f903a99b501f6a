import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ASSERTIONS, ASSERTIONS_TOTAL } from "./assertions.ts";
import { PAGE, conformancePage, namedTests } from "./catalogue.ts";

test("the list of assertions is whole, and each is in it once", () => {
  expect(ASSERTIONS.size).toBe(ASSERTIONS_TOTAL);
});

test("every assertion that binds us has exactly one test, and no test names another", () => {
  const held = [...ASSERTIONS].filter(([, { because }]) => because === undefined).map(([id]) => id);
  const tested = namedTests().map(({ id }) => id);
  expect(tested.toSorted()).toEqual(held.toSorted());
});

test("whoever is not held to an assertion is told why, and nothing binds an edge node without a reason or a test", () => {
  for (const [id, { binds, because }] of ASSERTIONS) {
    expect(because === undefined ? binds : because.length > 10, id).toBe(because === undefined ? "edge node" : true);
  }
});

test("the page in the docs says the same", () => {
  expect(readFileSync(PAGE, "utf8")).toBe(conformancePage());
});
