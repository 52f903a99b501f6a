import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildAll } from "../build/build.ts";
import { ENTRIES } from "../build/entries.ts";
import { BuildError } from "../build/error.ts";
import { readManifest } from "../licences/tree.ts";
import { packageFiles } from "./contents.ts";
import { requireTool, writeDeb } from "./deb.ts";
import type { Compression } from "./deb.ts";
import { ARCHITECTURES } from "./debian/control.ts";
import type { Architecture } from "./debian/control.ts";
import { PackageError } from "./error.ts";
import { runtimeFiles } from "./runtime.ts";

export interface PackageOptions {
  readonly root: string;
  /** where the packages go */
  readonly out: string;
  readonly architectures: readonly Architecture[];
  readonly compression: Compression;
  /** with Debian's revision; default: the version of package.json, revision 1 */
  readonly version?: string;
  /** of every file in them, seconds since 1970; default: SOURCE_DATE_EPOCH, or when the source was last committed */
  readonly epochS?: number;
}

/**
 * Builds the bundles and makes one package for each architecture of them.
 * @returns their paths
 * @throws {PackageError} or {@link BuildError}
 */
export async function makePackages(options: PackageOptions): Promise<readonly string[]> {
  const { root, out, architectures, compression } = options;
  requireTool();
  const version = options.version ?? `${readManifest(root).version ?? ""}-1`;
  const epochS = options.epochS ?? sourceDate(root);
  const dist = mkdtempSync(join(tmpdir(), "holdfast-dist-"));
  try {
    await buildAll(root, ENTRIES, dist);
    return architectures.map((architecture) => {
      const runtime = runtimeFiles(root, ARCHITECTURES[architecture], join(out, "..", "runtime"));
      const files = packageFiles({ root, dist, runtime, architecture, version, epochS });
      return writeDeb(files, { version, architecture, epochS, compression }, out);
    });
  } finally {
    rmSync(dist, { recursive: true, force: true });
  }
}

/** When the source was last changed: the clock of whoever builds is in no package. */
function sourceDate(root: string): number {
  const { SOURCE_DATE_EPOCH: given } = process.env;
  const text = given ?? spawnSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8" }).stdout ?? "";
  if (!/^\d+$/.test(text.trim())) {
    throw new PackageError("PACKAGE_NO_DATE", "there is no commit to take the date from: set SOURCE_DATE_EPOCH");
  }
  return Number(text);
}

if (import.meta.main) {
  const root = join(import.meta.dirname, "..", "..");
  const { values } = parseArgs({
    options: {
      out: { type: "string", default: join(root, "build", "package") },
      architecture: { type: "string", multiple: true, default: Object.keys(ARCHITECTURES) },
    },
  });
  const architectures = values.architecture.filter((name): name is Architecture => Object.hasOwn(ARCHITECTURES, name));
  if (architectures.length !== values.architecture.length) {
    console.error(`usage: npm run package -- [--out DIR] [--architecture ${Object.keys(ARCHITECTURES).join("|")}]…`);
    process.exitCode = 2;
  } else {
    try {
      const out = resolve(values.out);
      for (const path of await makePackages({ root, out, architectures, compression: "xz" })) console.log(path);
    } catch (error) {
      if (!(error instanceof PackageError || error instanceof BuildError)) throw error;
      console.error(`package: ${error.code}: ${error.message}`);
      process.exitCode = 1;
    }
  }
}
