import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { PackageFile } from "./contents.ts";
import { controlText } from "./debian/control.ts";
import type { Architecture } from "./debian/control.ts";
import { postrm } from "./debian/postrm.ts";
import { PackageError } from "./error.ts";

/** `xz` for what is shipped, `gzip` where a test wants it soon. */
export type Compression = "xz" | "gzip";

export interface Deb {
  readonly version: string;
  readonly architecture: Architecture;
  /** of every file in it, seconds since 1970 */
  readonly epochS: number;
  readonly compression: Compression;
}

const KIB = 1024;
const FOLDER_MODE = 0o755;
/**
 * xz in dpkg-deb cuts the data into blocks by its level alone, so that any number of threads gives the same bytes. Level 6
 * takes ten times as long for 12 % less.
 */
const COMPRESS: Readonly<Record<Compression, readonly string[]>> = {
  xz: ["-Zxz", "-z2"],
  gzip: ["-Zgzip", "-z1"],
};

/** @throws {PackageError} `PACKAGE_TOOL_MISSING`: better before a build than after it */
export function requireTool(): void {
  if (spawnSync("dpkg-deb", ["--version"]).status === 0) return;
  throw new PackageError(
    "PACKAGE_TOOL_MISSING",
    "dpkg-deb, which writes the packages, is not on this machine: apt install dpkg, dnf install dpkg or brew install dpkg",
  );
}

/**
 * Writes `holdfast_<version>_<architecture>.deb`. The same files, version and date give the same bytes.
 * @returns its path
 * @throws {PackageError} `PACKAGE_TOOL_FAILED`
 */
export function writeDeb(files: readonly PackageFile[], deb: Deb, folder: string): string {
  const tree = mkdtempSync(join(tmpdir(), "holdfast-deb-"));
  try {
    for (const { path, mode, bytes } of files) put(tree, path, bytes, mode);
    for (const [name, text, mode] of controlFiles(files, deb)) put(tree, join("DEBIAN", name), text, mode);
    settle(tree, deb.epochS);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `holdfast_${deb.version}_${deb.architecture}.deb`);
    const args = ["--root-owner-group", ...COMPRESS[deb.compression], "--build", tree, path];
    const env = { ...process.env, SOURCE_DATE_EPOCH: String(deb.epochS) };
    const { status, stderr, error } = spawnSync("dpkg-deb", args, { env, encoding: "utf8" });
    if (status !== 0) throw new PackageError("PACKAGE_TOOL_FAILED", `dpkg-deb: ${error?.message ?? stderr.trim()}`);
    return path;
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

function controlFiles(files: readonly PackageFile[], deb: Deb): readonly (readonly [string, string, number])[] {
  const installedKiB = files.reduce((sum, { bytes }) => sum + Math.ceil(bytes.length / KIB), 0);
  const script = (name: string): string => readFileSync(join(import.meta.dirname, "debian", name), "utf8");
  return [
    ["control", controlText(deb.version, deb.architecture, installedKiB), 0o644],
    ["md5sums", sums(files), 0o644],
    ["postinst", script("postinst"), 0o755],
    ["prerm", script("prerm"), 0o755],
    ["postrm", postrm(), 0o755],
  ];
}

/** What dpkg --verify compares with: damage on a disk shows, a deliberate change does not. */
function sums(files: readonly PackageFile[]): string {
  return files
    .map(({ path, bytes }) => `${createHash("md5").update(bytes).digest("hex")}  ${path.slice(1)}\n`)
    .toSorted((a, b) => (a.slice(32) < b.slice(32) ? -1 : 1))
    .join("");
}

function put(tree: string, path: string, content: string | Uint8Array, mode: number): void {
  const to = join(tree, path);
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, content);
  chmodSync(to, mode);
}

/** Modes of folders and times of all, whatever the umask and the hour. */
function settle(folder: string, epochS: number): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) settle(path, epochS);
    else lutimesSync(path, epochS, epochS);
  }
  chmodSync(folder, FOLDER_MODE);
  lutimesSync(folder, epochS, epochS);
}
