import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { rolldown } from "rolldown";
import type { OutputChunk, Plugin } from "rolldown";
import type { Entry } from "./entries.ts";
import { BuildError } from "./error.ts";

/** Folders of ours whose files no gateway runs. */
const NEVER_SHIPPED = /^(simulator|test|scripts|fleet|update\/publisher)\//;

export interface Bundle {
  readonly name: string;
  readonly bytes: number;
  /** paths from the root, sorted: our files and those of packages */
  readonly modules: readonly string[];
}

/**
 * Writes one minified ES module per entry (and a chunk per command loaded on demand), source maps beside them.
 * @throws {BuildError} where an entry is missing or holds what it must not
 */
export async function buildBundle(root: string, entry: Entry, folder: string): Promise<Bundle> {
  if (!existsSync(join(root, entry.source))) {
    throw new BuildError("BUILD_ENTRY_MISSING", `${entry.name}: there is no ${entry.source}`);
  }
  const chunks = await writeChunks(root, entry, folder);
  const modules = [...new Set(chunks.flatMap((chunk) => modulesOf(root, chunk)))].toSorted();
  refuseForbidden(entry, modules);
  refuseLibraries(root, entry, chunks);
  return { name: entry.name, bytes: chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk.code), 0), modules };
}

async function writeChunks(root: string, entry: Entry, folder: string): Promise<readonly OutputChunk[]> {
  const unresolved: string[] = [];
  let written: readonly OutputChunk[];
  try {
    await using build = await rolldown({
      cwd: root,
      input: { [entry.name]: join(root, entry.source) },
      platform: "node",
      onLog(level, log, handle) {
        if (log.code === "UNRESOLVED_IMPORT") unresolved.push(log.message);
        else handle(level, log);
      },
      plugins: [serialOnlyThroughHal],
    });
    const { output } = await build.write({
      dir: folder,
      format: "esm",
      minify: true,
      sourcemap: true,
      entryFileNames: "[name].js",
      chunkFileNames: `${entry.name}-[name].js`,
    });
    written = output.filter((part) => part.type === "chunk");
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const code = said.includes("UNRESOLVED_IMPORT") ? "BUILD_MODULE_MISSING" : "BUILD_FAILED";
    throw new BuildError(code, `${entry.name}: ${said}`, { cause });
  }
  // left as an import, it would fail on the gateway, at night, on the one path that needs it
  if (unresolved.length > 0) throw new BuildError("BUILD_MODULE_MISSING", `${entry.name}: ${unresolved.join("\n")}`);
  return written;
}

const NO_SERIAL = "\0no-serial";

/**
 * The Modbus library loads the serial one at once, for ports of its own that are never opened here: `hal` opens lines.
 * Without it a gateway that has no serial line loads none of it.
 */
const serialOnlyThroughHal: Plugin = {
  name: "serial-only-through-hal",
  resolveId: (source, importer) =>
    source === "serialport" && importer?.includes("/node_modules/modbus-serial/") === true ? NO_SERIAL : undefined,
  load: (id) => (id === NO_SERIAL ? "export {};" : undefined),
};

/** The package a module belongs to, however deep it is nested; undefined for our own files. */
export function packageFolder(module: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(module)?.[0];
}

function modulesOf(root: string, chunk: OutputChunk): readonly string[] {
  // ids of the bundler's own helpers begin with a NUL
  return chunk.moduleIds.filter((id) => !id.startsWith("\0")).map((id) => relative(root, id));
}

function refuseForbidden(entry: Entry, modules: readonly string[]): void {
  for (const module of modules) {
    const forbidden = entry.without.find((name) => holds(module, name));
    if (forbidden === undefined && !NEVER_SHIPPED.test(module)) continue;
    throw new BuildError("BUILD_FORBIDDEN_MODULE", `${entry.name}: ${module} must not be in this bundle`);
  }
}

/** `name` is a package, or a folder inside one: "typebox/compile" also in `typebox/build/compile`. */
function holds(module: string, name: string): boolean {
  const [first = "", second = "", ...deeper] = name.split("/");
  const [owner, inside] = first.startsWith("@") ? [`${first}/${second}`, deeper.join("/")] : [first, second];
  const folder = packageFolder(module);
  if (folder === undefined || !folder.endsWith(`node_modules/${owner}`)) return false;
  return inside === "" || module.slice(folder.length).includes(`/${inside}/`);
}

function refuseLibraries(root: string, entry: Entry, chunks: readonly OutputChunk[]): void {
  const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  for (const wanted of entry.withoutLibraries) {
    const first = chunks.find((chunk) => modulesOf(root, chunk).includes(wanted));
    if (first === undefined)
      throw new BuildError("BUILD_ENTRY_MISSING", `${entry.name}: ${wanted} is not in this bundle`);
    const loaded = new Set([first]);
    for (const chunk of loaded) {
      const library = modulesOf(root, chunk).find((module) => packageFolder(module) !== undefined);
      if (library !== undefined) {
        throw new BuildError(
          "BUILD_NOT_LIBRARY_FREE",
          `${entry.name}: ${wanted} loads ${library}, by ${chunk.fileName}`,
        );
      }
      for (const file of chunk.imports) {
        const next = byFile.get(file);
        if (next !== undefined) loaded.add(next);
      }
    }
  }
}
