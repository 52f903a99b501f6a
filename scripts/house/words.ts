import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";

/** What no file of ours may say, and why. The patterns are written so that they do not match themselves. */
const FORBIDDEN: readonly { readonly pattern: RegExp; readonly because: string }[] = [
  { pattern: /(?:ox|es)lint-(?:disable|enable)/, because: "a rule that is wrong is changed for everyone" },
  { pattern: /@ts-(?:ignore|nocheck)/, because: "mend the type" },
  { pattern: /(?<![\w.-])\/(?:root|home|Users)\/[A-Za-z]/, because: "a path of somebody's machine" },
  { pattern: /["'`]\/tmp\/[a-z]/, because: "temporary folders come from os.tmpdir()" },
  { pattern: /https?:\/\/registry\./, because: "whoever installs chooses the registry" },
  { pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*$/, because: "keys are made when they are needed" },
];

export interface Finding {
  readonly line: number;
  readonly text: string;
  readonly because: string;
}

export function forbiddenWords(source: string): readonly Finding[] {
  return source
    .split("\n")
    .flatMap((text, index) =>
      FORBIDDEN.filter(({ pattern }) => pattern.test(text)).map(({ because }) => ({ line: index + 1, text, because })),
    );
}

/** The dictionary itself, its test, and other people's text. */
const EXEMPT = new Set(["scripts/house/words.ts", "test/scripts/house/words.test.ts", "package-lock.json", "LICENSE"]);
/** What .gitignore names: a machine that only builds has no git to ask. */
const NOT_OURS = new Set([".git", "node_modules", "dist", "coverage", ".compile-cache"]);
/** What `npm run package` makes, with the runtimes it fetched; folders deeper down may have the same name. */
const PACKAGES = join("build", "/");
const TEXT_CHARS_SHOWN = 100;

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (NOT_OURS.has(entry.name)) return [];
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

if (import.meta.main) {
  const root = join(import.meta.dirname, "..", "..");
  for (const path of filesBelow(root)) {
    const file = relative(root, path);
    if (EXEMPT.has(file) || file.startsWith(PACKAGES)) continue;
    for (const { line, text, because } of forbiddenWords(readFileSync(path, "utf8"))) {
      console.error(`${file}:${line}: ${because}: ${text.trim().slice(0, TEXT_CHARS_SHOWN)}`);
      process.exitCode = 1;
    }
  }
}
