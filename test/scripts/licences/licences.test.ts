import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { refusedPackages } from "../../../scripts/licences/check.ts";
import { noticeText } from "../../../scripts/licences/notice.ts";
import { judgeLicence } from "../../../scripts/licences/policy.ts";
import { installedPackages } from "../../../scripts/licences/tree.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test.each([
  ["MIT", ["MIT"]],
  ["(Apache-2.0 AND BSD-3-Clause)", ["Apache-2.0", "BSD-3-Clause"]],
  ["(BSD-3-Clause OR GPL-2.0)", ["BSD-3-Clause"]],
  ["GPL-2.0 OR MIT", ["MIT"]],
  ["(GPL-3.0 OR (MIT AND ISC))", ["MIT", "ISC"]],
])("%s may be shipped", (expression, licences) => {
  expect(judgeLicence("some-package", expression, true)).toEqual({ allowed: true, licences });
});

test.each([
  "EPL-2.0",
  "GPL-2.0-only",
  "MIT AND GPL-2.0",
  "LGPL-3.0 OR EPL-2.0",
  "MPL-2.0",
  "UNLICENSED",
  "(MIT",
  "MIT )",
  "",
  "MIT ISC",
])("%s may not be shipped", (expression) => {
  expect(judgeLicence("some-package", expression, true).allowed).toBe(false);
});

test("EPL is for one named judge on the workstation and for nobody else", () => {
  expect(judgeLicence("sparkplug-payload", "EPL-2.0", false).allowed).toBe(true);
  expect(judgeLicence("sparkplug-payload", "EPL-2.0", true).allowed).toBe(false);
  expect(judgeLicence("sparkplug-client", "EPL-2.0", false).allowed).toBe(false);
});

test("a copyleft package is refused however deep a shipped one brings it, and found as a nested copy", () => {
  const root = mkdtempSync(join(tmpdir(), "holdfast-licences-"));
  folders.push(root);
  const write = (path: string, manifest: object): void => {
    const file = join(root, path, "package.json");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(manifest));
  };
  write(".", { dependencies: { a: "1" }, devDependencies: { tool: "1" } });
  write("node_modules/a", { name: "a", version: "1", license: "MIT", dependencies: { "@x/b": "1" } });
  write("node_modules/@x/b", { name: "@x/b", version: "1", license: "ISC", dependencies: { c: "2" } });
  write("node_modules/@x/b/node_modules/c", { name: "c", version: "2", license: "EPL-2.0" });
  write("node_modules/c", { name: "c", version: "1", license: "MPL-2.0" });
  write("node_modules/tool", { name: "tool", version: "1" });
  const packages = installedPackages(root);
  expect(refusedPackages(packages)).toEqual([
    expect.stringContaining("LICENCE_REFUSED c 2 (shipped)"),
    expect.stringContaining("LICENCE_REFUSED tool 1 (development)"),
  ]);
  const notice = noticeText(packages);
  expect(notice).toContain("a 1 (MIT)");
  expect(notice).not.toContain("tool 1");
});
