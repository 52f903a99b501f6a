import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** One installed package. */
export interface Installed {
  readonly name: string;
  readonly version: string;
  readonly licence: unknown;
  readonly folder: string;
  /** Needed by the running gateway, so part of what we hand out; otherwise a tool. */
  readonly shipped: boolean;
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Every package below `root`'s node_modules, nested ones too, sorted by folder. */
export function installedPackages(root: string): readonly Installed[] {
  const shipped = new Set<string>();
  const manifest = readManifest(root);
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    reach(root, root, name, shipped);
  }
  return packageFolders(join(root, "node_modules"))
    .map((folder) => {
      const { name, version, license } = readManifest(folder);
      return {
        name: name ?? relative(root, folder),
        version: version ?? "",
        licence: license,
        folder,
        shipped: shipped.has(folder),
      };
    })
    .toSorted((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** Marks the package that `from` gets when it asks for `name`, and all it needs in turn. */
function reach(root: string, from: string, name: string, reached: Set<string>): void {
  const folder = resolvePackage(root, from, name);
  // an optional package of another platform is not installed, and is not shipped from here
  if (folder === undefined || reached.has(folder)) return;
  reached.add(folder);
  const { dependencies, optionalDependencies, peerDependencies } = readManifest(folder);
  for (const next of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
    reach(root, folder, next, reached);
  }
}

function resolvePackage(root: string, from: string, name: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, "node_modules", name);
    if (existsSync(join(folder, "package.json"))) return folder;
    if (at === root || at === dirname(at)) return undefined;
  }
}

function packageFolders(modules: string): readonly string[] {
  if (!existsSync(modules)) return [];
  return readdirSync(modules, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .flatMap((entry) => {
      const folder = join(modules, entry.name);
      if (!entry.name.startsWith("@")) return [folder];
      return readdirSync(folder).map((name) => join(folder, name));
    })
    .flatMap((folder) => {
      if (!existsSync(join(folder, "package.json"))) return [];
      return [folder, ...packageFolders(join(folder, "node_modules"))];
    });
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}
