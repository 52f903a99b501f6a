import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const LINK = /\]\((?<target>[^)\s#]+)[^)]*\)/g;

test("every link from one page to another leads to a page", () => {
  const pages = ["*.md", "docs/**/*.md"].flatMap((pattern) => globSync(pattern, { cwd: ROOT }));
  const dead = pages.flatMap((page) =>
    [...readFileSync(join(ROOT, page), "utf8").matchAll(LINK)]
      .map((match) => match.groups?.["target"] ?? "")
      .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(ROOT, dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  );
  expect(pages).toContain("README.md");
  expect(dead).toEqual([]);
});
