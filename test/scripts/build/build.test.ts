import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildAll } from "../../../scripts/build/build.ts";
import type { Entry } from "../../../scripts/build/entries.ts";
import { ENTRIES } from "../../../scripts/build/entries.ts";
import { leadingNotice, licenceSection } from "../../../scripts/build/third-party.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
let tree = "";

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), "holdfast-build-"));
  for (const file of ["LICENSE", "NOTICE", "package.json"]) cpSync(join(ROOT, file), join(tree, file));
  symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));
});

afterEach(() => {
  rmSync(tree, { recursive: true, force: true });
});

function write(path: string, source: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), source);
}

const entry = (over: Partial<Entry> = {}): Entry => ({
  name: "one",
  source: "agent/one.ts",
  without: [],
  withoutLibraries: [],
  ...over,
});

const build = (...entries: readonly Entry[]): ReturnType<typeof buildAll> =>
  buildAll(tree, entries, join(tree, "dist"));

test("a bundle runs alone, finds the serial binding beside it, and brings the licences of what it holds", async () => {
  write(
    "agent/one.ts",
    `import { SerialPort } from "serialport";
import { binding } from "./part.ts";
console.log(typeof SerialPort, typeof binding, typeof (await import("./lazy.ts")).lazy);`,
  );
  write("agent/part.ts", `export { autoDetect as binding } from "@serialport/bindings-cpp";`);
  write(
    "agent/lazy.ts",
    `import { BinaryWriter } from "@bufbuild/protobuf/wire";\nexport const lazy = new BinaryWriter().int32(1);`,
  );
  const bundles = await build(entry());
  expect(bundles[0]?.modules).toContain("agent/lazy.ts");

  // moved away from the tree, so that nothing is found in node_modules
  const away = mkdtempSync(join(tmpdir(), "holdfast-dist-"));
  try {
    cpSync(join(tree, "dist"), away, { recursive: true });
    const ran = spawnSync(process.execPath, [join(away, "bundle", "one.js")], { encoding: "utf8" });
    expect(ran.stdout.trim(), ran.stderr).toBe("function function object");
    expect(readdirSync(join(away, "bundle")).toSorted()).toEqual(
      ["one-lazy.js", "one-lazy.js.map", "one.js", "one.js.map"].toSorted(),
    );
    rmSync(join(away, "prebuilds"), { recursive: true });
    expect(spawnSync(process.execPath, [join(away, "bundle", "one.js")], { encoding: "utf8" }).stderr).toContain(
      "No native build was found",
    );
  } finally {
    rmSync(away, { recursive: true, force: true });
  }

  const licences = readFileSync(join(tree, "dist", "THIRD-PARTY-LICENCES.txt"), "utf8");
  expect(licences).toContain("@serialport/bindings-cpp");
  expect(licences).toContain("Copyright 2008 Google Inc."); // from the source: that package ships no licence file
  for (const file of ["LICENSE", "NOTICE", "package.json"]) expect(existsSync(join(tree, "dist", file))).toBe(true);
});

test("the same source gives the same bytes", async () => {
  write("agent/one.ts", `import { join } from "node:path";\nconsole.log(join("a", "b"));`);
  const read = (): string => readFileSync(join(tree, "dist", "bundle", "one.js"), "utf8");
  await build(entry());
  const first = read();
  await build(entry());
  expect(read()).toBe(first);
  expect(first).not.toContain(tree);
});

test.each([
  ["an entry that is not there", "agent/other.ts", "", {}, "BUILD_ENTRY_MISSING"],
  ["an import that is not there", "agent/one.ts", `import "./nothing.ts";`, {}, "BUILD_MODULE_MISSING"],
  ["a package that is not there", "agent/one.ts", `import "no-such-package";`, {}, "BUILD_MODULE_MISSING"],
  ["a package it must not load", "agent/one.ts", `import "yaml";`, { without: ["yaml"] }, "BUILD_FORBIDDEN_MODULE"],
  [
    "a part of a package it must not load",
    "agent/one.ts",
    `import { Compile } from "typebox/compile";\nconsole.log(Compile);`,
    { without: ["typebox/compile"] },
    "BUILD_FORBIDDEN_MODULE",
  ],
  [
    "a library in the supervisor",
    "agent/one.ts",
    `import { parse } from "yaml";\nconsole.log(parse("1"));`,
    { withoutLibraries: ["agent/one.ts"] },
    "BUILD_NOT_LIBRARY_FREE",
  ],
  [
    "an EPL package",
    "agent/one.ts",
    `import * as payload from "sparkplug-payload";\nconsole.log(payload);`,
    {},
    "BUILD_LICENCE_REFUSED",
  ],
])("%s stops the build", async (_, path, source, over, code) => {
  write(path, source);
  await expect(build(entry(over))).rejects.toMatchObject({ code });
});

test("the simulator ends in no bundle", async () => {
  write("simulator/world.ts", "export const world = (): number => performance.now();");
  write("agent/one.ts", `import { world } from "../simulator/world.ts";\nconsole.log(world());`);
  await expect(build(entry())).rejects.toMatchObject({ code: "BUILD_FORBIDDEN_MODULE" });
});

test("a library that a supervisor loads later, on demand, is none of its weight", async () => {
  write("agent/one.ts", `if (process.argv[2] === "late") await import("./late.ts");`);
  write("agent/late.ts", `import { parse } from "yaml";\nconsole.log(parse("1"));`);
  await expect(build(entry({ withoutLibraries: ["agent/one.ts"] }))).resolves.toHaveLength(1);
});

test("the product is three processes and one command", () => {
  expect(ENTRIES.map(({ name }) => name)).toEqual(["keeper", "field", "uplink", "holdfast"]);
});

test("a notice is the comment a file begins with, where it speaks of rights", () => {
  expect(leadingNotice("// Copyright A\n// B\n\n// other\nx;")).toBe("// Copyright A\n// B");
  expect(leadingNotice("/* Licensed to C */ x;")).toBe("/* Licensed to C */");
  expect(leadingNotice("// just a remark\nx;")).toBe("");
  expect(leadingNotice("x; // Copyright later")).toBe("");
});

test("a readme gives the text under its heading, to the next one, and only where it speaks of copyright", () => {
  expect(licenceSection("# A\n\n## License\n\nCopyright (c) B\n\nAS IS\n\n## C\nx")).toBe("Copyright (c) B\n\nAS IS");
  expect(licenceSection("# Licence\nCopyright D\nE\n")).toBe("Copyright D\nE");
  expect(licenceSection("# License\n\nMIT\n")).toBe("");
  expect(licenceSection("The license attribute\nCopyright")).toBe("");
});
