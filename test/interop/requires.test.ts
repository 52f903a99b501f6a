import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DEBIAN_PACKAGES } from "./requires.ts";

test("what a test may need, .ci/run installs, and with gcc the headers that Debian only recommends", () => {
  const script = readFileSync(join(import.meta.dirname, "..", "..", ".ci", "run"), "utf8");
  const installed = /^PACKAGES=\(([^)]*)\)/m.exec(script)?.[1]?.trim().split(/\s+/) ?? [];
  expect(installed).toEqual(expect.arrayContaining([...DEBIAN_PACKAGES, "libc6-dev", "openssl"]));
});
