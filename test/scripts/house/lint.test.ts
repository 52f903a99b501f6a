import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ARROWS, HOUSE_RULES, INNOCENT, ROOM_BANS } from "./offences.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const folders: string[] = [];

interface Report {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string; readonly message: string }[];
}

/** Lints a tree with our own rules; the answer is the set of "file: rule". */
function lint(files: Readonly<Record<string, string>>): ReadonlySet<string> {
  const tree = mkdtempSync(join(tmpdir(), "holdfast-lint-"));
  folders.push(tree);
  for (const file of [".oxlintrc.json", "tsconfig.json", "scripts/house/lint"]) {
    cpSync(join(ROOT, file), join(tree, file), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));
  writeFileSync(join(tree, "package.json"), `{"type":"module"}`);
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), source);
  }
  const ran = spawnSync(process.execPath, [join(ROOT, "node_modules/.bin/oxlint"), "--format=json"], {
    cwd: tree,
    encoding: "utf8",
  });
  const report = JSON.parse(ran.stdout) as Report;
  return new Set(report.diagnostics.map(({ filename, code }) => `${filename}: ${code}`));
}

let found: ReadonlySet<string> = new Set();

beforeAll(() => {
  const offences = [...ARROWS, ...ROOM_BANS, ...HOUSE_RULES];
  found = lint(Object.fromEntries(offences.map(({ path, source }) => [path, source])));
});

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

test.each(ARROWS)("an import against the arrows is refused: $path", ({ path, rule }) => {
  expect(found).toContain(`${path}: ${rule}`);
});

test.each(ROOM_BANS)("a room reaches the machine through hal alone: $path", ({ path, rule }) => {
  expect(found).toContain(`${path}: ${rule}`);
});

test.each(HOUSE_RULES)("the house rule fires: $path", ({ path, rule }) => {
  expect(found).toContain(`${path}: ${rule}`);
});

test("what the architecture allows passes without a word", () => {
  expect([...lint(INNOCENT)]).toEqual([]);
});
