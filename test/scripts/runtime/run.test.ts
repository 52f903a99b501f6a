import { spawn, spawnSync } from "node:child_process";
import type { SpawnSyncReturns } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const PLATFORM = `linux-${process.arch}`;
const FIRST_MAJOR = 24;
let tree = "";

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), "holdfast-runtime-"));
  for (const file of ["scripts/runtime/run.sh", "scripts/holdfast"]) cpSync(join(ROOT, file), join(tree, file));
  write("say.js", `console.log(JSON.stringify([process.execPath, ...process.argv.slice(2)]));`);
});

afterEach(() => {
  rmSync(tree, { recursive: true, force: true });
});

function write(path: string, text: string, mode = 0o644): string {
  const file = join(tree, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

/** A stand-in for Node that says its version, and runs files with the real one. */
function fakeNode(path: string, version: string): string {
  return write(
    path,
    `#!/bin/sh\nif [ "$1" = --version ]; then echo ${version}; else exec "${process.execPath}" "$@"; fi\n`,
    0o755,
  );
}

const fakePinned = (version: string): string => fakeNode(`node_modules/node-${PLATFORM}/bin/node`, version);
const fakeSystem = (version: string): string => fakeNode("system/node", version);

/** The system's tools, and no Node but the stand-in. */
function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> {
  const tools = join(tree, "tools");
  mkdirSync(tools, { recursive: true });
  for (const tool of ["sh", "sed", "uname", "dirname", "readlink"]) {
    const from = ["/bin", "/usr/bin"].find((folder) => readdirSync(folder).includes(tool));
    if (from !== undefined) rmSync(join(tools, tool), { force: true });
    if (from !== undefined) symlinkSync(join(from, tool), join(tools, tool));
  }
  return spawnSync("/bin/sh", [join(tree, "scripts/runtime/run.sh"), ...args], {
    encoding: "utf8",
    env: { PATH: [join(tree, "system"), tools].join(delimiter), ...env },
  });
}

function refusal(ran: ReturnType<typeof run>): string {
  expect(ran.status).toBe(1);
  expect(ran.stdout).toBe("");
  expect(ran.stderr.trim().split("\n")).toHaveLength(1);
  return ran.stderr;
}

test("arguments, exit code and runtime reach the program unchanged", () => {
  fakePinned("v24.21.0");
  const ran = run(["say.js", "a b", "--json", "$HOME", ""]);
  expect(ran.stderr).toBe("");
  expect(JSON.parse(ran.stdout)).toEqual([process.execPath, "a b", "--json", "$HOME", ""]);
  write("leave.js", "process.exit(7);");
  expect(run(["leave.js"]).status).toBe(7);
});

test.each([
  ["an old system's Node is passed over", "v20.20.2", "v24.21.0", "pinned"],
  ["a system's Node of the same line that is older is passed over", "v24.9.9", "v24.21.0", "pinned"],
  ["a system's Node that is as new is used", "v24.21.0", "v24.21.0", "system"],
  ["a newer system's Node is used", "v26.1.0", "v24.21.0", "system"],
  ["a new enough system's Node does alone", "v24.0.0", undefined, "system"],
])("%s", (_, system, pinned, wanted) => {
  const mark = (name: string, version: string): string =>
    `#!/bin/sh\nif [ "$1" = --version ]; then echo ${version}; else echo ${name}; fi\n`;
  write("system/node", mark("system", system), 0o755);
  if (pinned !== undefined) write(`node_modules/node-${PLATFORM}/bin/node`, mark("pinned", pinned), 0o755);
  expect(run(["say.js"]).stdout.trim()).toBe(wanted);
});

test("npm's own Node counts as the system's, not the pinned one that npm puts first in the path", () => {
  fakePinned("v24.21.0");
  const system = write("npm/node", `#!/bin/sh\nif [ "$1" = --version ]; then echo v26.0.0; else echo npm; fi\n`, 0o755);
  expect(run(["say.js"], { npm_node_execpath: system }).stdout.trim()).toBe("npm");
});

test("without the optional package an old Node is told what to do, with no stack trace", () => {
  fakeSystem("v20.20.2");
  const said = refusal(run(["say.js"]));
  expect(said).toContain("RUNTIME_MISSING");
  expect(said).toContain("this system has v20.20.2");
  expect(said).toContain("npm ci");
});

test("a system with no Node at all is told so", () => {
  expect(refusal(run(["say.js"]))).toContain("this system has none");
});

test("a pinned runtime that cannot start here, as with musl, is told apart from one that is missing", () => {
  write(`node_modules/node-${PLATFORM}/bin/node`, "\u007fELF of another world", 0o755);
  fakeSystem("v20.20.2");
  const said = refusal(run(["say.js"]));
  expect(said).toContain("RUNTIME_UNUSABLE");
  expect(said).toContain("musl");
});

test("another platform is named", () => {
  fakeSystem("v20.20.2");
  write("system/uname", `#!/bin/sh\nif [ "$1" = -s ]; then echo Darwin; else echo arm64; fi\n`, 0o755);
  const said = refusal(run(["say.js"]));
  expect(said).toContain("RUNTIME_PLATFORM");
  expect(said).toContain("Darwin on arm64");
});

test.each([
  [[], "RUNTIME_USAGE"],
  [["--tool"], "RUNTIME_USAGE"],
  [["nothing.js"], "RUNTIME_NO_FILE"],
  [["--tool", "nothing"], "RUNTIME_NO_TOOL"],
])("%j is refused by name: %s", (args, code) => {
  fakePinned("v24.21.0");
  expect(refusal(run(args))).toContain(code);
});

test("the command runs from source where there is source, and through a link from anywhere", () => {
  fakePinned("v24.21.0");
  write("dist/bundle/holdfast.js", `console.log("bundle");`);
  symlinkSync(join(tree, "scripts/holdfast"), join(tree, "link"));
  const command = (): string => spawnSync(join(tree, "link"), { encoding: "utf8", cwd: tmpdir() }).stdout.trim();
  expect(command()).toBe("bundle");
  write("agent/main.ts", `console.log("source" satisfies string);`);
  expect(command()).toBe("source");
});

test("a signal meets the program itself: nothing stands in between", async () => {
  fakePinned("v24.21.0");
  write(
    "wait.js",
    `process.on("SIGTERM", () => process.exit(5)); setInterval(() => {}, 1000); console.log(process.pid);`,
  );
  const child = spawn("/bin/sh", [join(tree, "scripts/runtime/run.sh"), "wait.js"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [pid] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
  expect(Number(pid)).toBe(child.pid);
  child.kill("SIGTERM");
  expect(await once(child, "close")).toEqual([5, null]);
});

const old = ["/usr/bin/node", "/usr/local/bin/node"].find((node) => {
  const major = /^v(\d+)/.exec(spawnSync(node, ["--version"], { encoding: "utf8" }).stdout ?? "")?.[1];
  return major !== undefined && Number(major) < FIRST_MAJOR;
});

test.skipIf(old === undefined)(
  "TypeScript runs although the system's Node is an old one (skipped where there is none)",
  () => {
    symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));
    write("typed.ts", `const x: number = 1;\nconsole.log(process.versions.node satisfies string, x);`);
    const ran = spawnSync("/bin/sh", [join(tree, "scripts/runtime/run.sh"), "typed.ts"], {
      encoding: "utf8",
      env: { PATH: `${dirname(old ?? "")}${delimiter}/usr/bin${delimiter}/bin`, npm_node_execpath: old },
    });
    expect(ran.stderr).toBe("");
    expect(Number(ran.stdout.split(".")[0])).toBeGreaterThanOrEqual(FIRST_MAJOR);
  },
);
