import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Lock } from "../house/lock.ts";
import { PackageError } from "./error.ts";

/** The runtime of one architecture, as files. */
export interface RuntimeFiles {
  /** the binary */
  readonly node: string;
  readonly licence: string;
}

/**
 * The runtime that package-lock.json pins for `cpu`: the installed one, or, where npm installed none because this machine
 * has another architecture, the same package from the configured registry, held against the lock's hash.
 * @param cache folder for what is fetched
 * @throws {PackageError}
 */
export function runtimeFiles(root: string, cpu: "x64" | "arm64", cache: string): RuntimeFiles {
  const name = `node-linux-${cpu}`;
  const installed = join(root, "node_modules", name);
  return filesIn(existsSync(join(installed, "bin", "node")) ? installed : fetched(root, name, cache));
}

const filesIn = (folder: string): RuntimeFiles => ({
  node: join(folder, "bin", "node"),
  licence: join(folder, "LICENSE"),
});

function fetched(root: string, name: string, cache: string): string {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as Lock;
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (version === undefined || integrity === undefined) {
    throw new PackageError("PACKAGE_NOT_LOCKED", `${name} is not in package-lock.json; run npm run lock`);
  }
  mkdirSync(cache, { recursive: true });
  const archive = join(cache, `${name}-${version}.tgz`);
  if (!existsSync(archive)) {
    // npm asks whatever registry this machine is set up with
    run("npm", ["pack", `${name}@${version}`, "--pack-destination", cache, "--silent"], "PACKAGE_RUNTIME_UNFETCHED");
  }
  const offered = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (offered !== integrity) {
    throw new PackageError(
      "PACKAGE_RUNTIME_DIFFERS",
      `${archive} is ${offered}, package-lock.json wants ${integrity}; delete it to fetch it again`,
    );
  }
  const folder = join(cache, `${name}-${version}`);
  mkdirSync(folder, { recursive: true });
  run("tar", ["-xzf", archive, "-C", folder, "--no-same-owner"], "PACKAGE_TOOL_FAILED");
  // npm's archives hold one folder, whatever it is called
  return join(folder, readdirSync(folder)[0] ?? "package");
}

function run(
  program: string,
  args: readonly string[],
  code: "PACKAGE_RUNTIME_UNFETCHED" | "PACKAGE_TOOL_FAILED",
): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new PackageError(code, `${program} ${args[0]}: ${error?.message ?? stderr.trim()}`);
}
