import { readFileSync } from "node:fs";

/** What we read of the test runner's JSON report. */
export interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** what the counts alone do not tell */
  readonly remarks: readonly string[];
}

/** Counts for `.ci/run`, where a skipped test, a file that does not load and an error outside all tests are failures. */
export function tally(report: TestReport): Tally {
  const remarks: string[] = [];
  for (const { name, status, message, assertionResults } of report.testResults) {
    for (const one of assertionResults) {
      if (one.status !== "passed" && one.status !== "failed") remarks.push(`skipped: ${one.fullName}`);
    }
    const silent = !assertionResults.some((one) => one.status === "failed");
    if (status === "failed" && silent) remarks.push(`failed as a whole: ${name}: ${message ?? ""}`.trimEnd());
  }
  const failed = report.numFailedTests + remarks.length;
  if (failed === 0 && !report.success) remarks.push("an error outside all tests, see above");
  return { passed: report.numPassedTests, failed: Math.max(failed, remarks.length), remarks };
}

if (import.meta.main) {
  const [file = ""] = process.argv.slice(2);
  const { passed, failed, remarks } = tally(JSON.parse(readFileSync(file, "utf8")) as TestReport);
  for (const remark of remarks) console.error(remark);
  console.log(`${passed} ${failed}`);
}
