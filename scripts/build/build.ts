import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readManifest } from "../licences/tree.ts";
import { RuntimeError } from "../runtime/verify.ts";
import { buildBundle } from "./bundle.ts";
import type { Bundle } from "./bundle.ts";
import { ENTRIES } from "./entries.ts";
import type { Entry } from "./entries.ts";
import { BuildError } from "./error.ts";
import { copyPrebuilds } from "./prebuilds.ts";
import { parseBuildRequest, proveRuntimes } from "./release.ts";
import { thirdPartyText } from "./third-party.ts";

/**
 * Everything a gateway runs, besides the runtime, in one folder that is made anew:
 * `bundle/*.js`, `prebuilds/`, `package.json`, `LICENSE`, `NOTICE`, `THIRD-PARTY-LICENCES.txt`.
 * @throws {BuildError}
 */
export async function buildAll(root: string, entries: readonly Entry[], dist: string): Promise<readonly Bundle[]> {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(join(dist, "bundle"), { recursive: true });
  const bundles: Bundle[] = [];
  for (const entry of entries) bundles.push(await buildBundle(root, entry, join(dist, "bundle")));
  copyPrebuilds(root, dist);
  const modules = bundles.flatMap((bundle) => bundle.modules);
  writeFileSync(join(dist, "THIRD-PARTY-LICENCES.txt"), thirdPartyText(root, [...new Set(modules)].toSorted()));
  for (const file of ["LICENSE", "NOTICE"]) copyFileSync(join(root, file), join(dist, file));
  const { name = "", version = "" } = readManifest(root);
  // the bundles are ES modules wherever they are put
  writeFileSync(join(dist, "package.json"), `${JSON.stringify({ name, version, type: "module" })}\n`);
  return bundles;
}

if (import.meta.main) {
  const root = join(import.meta.dirname, "..", "..");
  try {
    const { out, json, published } = parseBuildRequest(process.argv.slice(2));
    const dist = resolve(out ?? join(root, "dist"));
    const runtimes = published === undefined ? undefined : await proveRuntimes(join(root, "node_modules"), published);
    const bundles = await buildAll(root, ENTRIES, dist);
    if (runtimes !== undefined) writeFileSync(join(dist, "runtimes.json"), `${JSON.stringify(runtimes)}\n`);
    if (json) console.log(JSON.stringify(bundles.map(({ name, bytes }) => ({ name, bytes }))));
    else
      for (const { name, bytes } of bundles)
        console.log(`${name.padEnd(10)} ${(bytes / 1024).toFixed(0).padStart(6)} KiB`);
  } catch (error) {
    if (!(error instanceof BuildError || error instanceof RuntimeError)) throw error;
    console.error(`build: ${error.code}: ${error.message}`);
    process.exitCode = 1;
  }
}
