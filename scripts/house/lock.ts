import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

/** One package of `package-lock.json`, as far as we judge it. The key is its folder; the root's is empty. */
export interface LockedPackage {
  version?: string;
  integrity?: string;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}

export interface Lock {
  packages: Record<string, LockedPackage>;
}

/**
 * Takes out of each package the optional dependencies that the lock itself does not hold, and says which.
 * A registry without some foreign platform's build leaves such names behind, and `npm ci` then refuses the whole lock.
 */
export function trimDangling(lock: Lock): readonly string[] {
  const dangling: string[] = [];
  for (const [folder, locked] of Object.entries(lock.packages)) {
    for (const [name, wanted] of Object.entries(locked.optionalDependencies ?? {})) {
      const found = resolvePackage(lock, folder, name);
      if (found !== undefined && satisfies(found.version, wanted)) continue;
      delete locked.optionalDependencies?.[name];
      dangling.push(`${folder === "" ? "(root)" : folder}: ${name}@${wanted}`);
    }
    if (Object.keys(locked.optionalDependencies ?? {}).length === 0) delete locked.optionalDependencies;
  }
  return dangling;
}

/** What the lock must never hold: a package without a hash, or the address of somebody's registry. */
export function lockFaults(lock: Lock): readonly string[] {
  const faults: string[] = [];
  for (const [folder, locked] of Object.entries(lock.packages)) {
    if (folder === "") continue;
    if (locked.integrity === undefined) faults.push(`${folder}: no integrity hash`);
    if (locked.resolved !== undefined) faults.push(`${folder}: names a registry (resolved)`);
  }
  return faults;
}

/** Node's own search, from the folder of the asking package upwards. */
function resolvePackage(lock: Lock, from: string, name: string): LockedPackage | undefined {
  let folder = from;
  for (;;) {
    const found = lock.packages[`${folder === "" ? "" : `${folder}/`}node_modules/${name}`];
    if (found !== undefined || folder === "") return found;
    const above = folder.lastIndexOf("/node_modules/");
    folder = above < 0 ? "" : folder.slice(0, above);
  }
}

/** Platform builds are always asked for by exact version; a range has been judged by npm when it wrote the lock. */
function satisfies(version: string | undefined, wanted: string): boolean {
  return !/^\d/.test(wanted) || version === wanted;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as Lock;
  const dangling = trimDangling(lock);
  const faults = lockFaults(lock);
  for (const fault of faults) console.error(`LOCK_FAULT ${fault}`);
  if (values.check) for (const name of dangling) console.error(`LOCK_DANGLING ${name}: run npm run lock`);
  else if (dangling.length > 0) writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
  if (faults.length > 0 || (values.check && dangling.length > 0)) process.exitCode = 1;
}
