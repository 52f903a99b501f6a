import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readManifest } from "../licences/tree.ts";
import { buildBundle } from "./bundle.ts";
import type { Bundle } from "./bundle.ts";
import { ENTRIES } from "./entries.ts";
import type { Entry } from "./entries.ts";
import { BuildError } from "./error.ts";
import { copyPrebuilds } from "./prebuilds.ts";
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
  const { values } = parseArgs({ options: { out: { type: "string" }, json: { type: "boolean", default: false } } });
  const root = join(import.meta.dirname, "..", "..");
  const dist = resolve(values.out ?? join(root, "dist"));
  try {
    const bundles = await buildAll(root, ENTRIES, dist);
    if (values.json) console.log(JSON.stringify(bundles.map(({ name, bytes }) => ({ name, bytes }))));
    else
      for (const { name, bytes } of bundles)
        console.log(`${name.padEnd(10)} ${(bytes / 1024).toFixed(0).padStart(6)} KiB`);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(`build: ${error.code}: ${error.message}`);
    process.exitCode = 1;
  }
}
