import { expect, test } from "vitest";
import { tally } from "../../../scripts/check/tally.ts";

const file = (status: string, ...tests: readonly string[]): Parameters<typeof tally>[0]["testResults"][number] => ({
  name: "a.test.ts",
  status,
  assertionResults: tests.map((outcome, index) => ({ fullName: `test ${index}`, status: outcome })),
});

test("passed and failed tests are counted as the runner counts them", () => {
  const testResults = [file("failed", "passed", "failed")];
  expect(tally({ numPassedTests: 1, numFailedTests: 1, success: false, testResults })).toEqual({
    passed: 1,
    failed: 1,
    remarks: [],
  });
});

test("a skipped test is a failure, by name", () => {
  const testResults = [file("passed", "passed", "skipped", "pending", "todo")];
  expect(tally({ numPassedTests: 1, numFailedTests: 0, success: true, testResults })).toEqual({
    passed: 1,
    failed: 3,
    remarks: ["skipped: test 1", "skipped: test 2", "skipped: test 3"],
  });
});

test("a file that does not load is a failure though no test in it failed", () => {
  const testResults = [{ ...file("failed"), message: "no such module" }];
  expect(tally({ numPassedTests: 0, numFailedTests: 0, success: false, testResults })).toMatchObject({
    failed: 1,
    remarks: ["failed as a whole: a.test.ts: no such module"],
  });
});

test("an error outside all tests is a failure", () => {
  const testResults = [file("passed", "passed")];
  expect(tally({ numPassedTests: 1, numFailedTests: 0, success: false, testResults })).toMatchObject({ failed: 1 });
});
