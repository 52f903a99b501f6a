import { readFileSync, unwatchFile, watchFile } from "node:fs";

/** How often each file is looked at. */
const FILE_CHECK_MS = 1_000;
/** Above what the compiler takes: the list is another process's word. */
const FILES_MAX = 256;

export interface WatchedFiles extends Disposable {
  /** Watches the files of a list, too, and no others: absolute paths as JSON. One that cannot be read changes nothing. */
  follow(listPath: string): void;
}

/** Calls back when the first file changes, appears or goes, or one of those that `follow` was told of. */
export function watchFiles(first: string, changed: () => void): WatchedFiles {
  const watched = new Set<string>();
  const add = (path: string): void => {
    watched.add(path);
    watchFile(path, { interval: FILE_CHECK_MS, persistent: false }, (now, before) => {
      if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino) changed();
    });
  };
  const remove = (path: string): void => {
    watched.delete(path);
    unwatchFile(path);
  };
  add(first);
  return {
    follow(listPath) {
      const list = listOf(listPath);
      if (list === undefined) return;
      const wanted = new Set([first, ...list]);
      for (const path of watched) if (!wanted.has(path)) remove(path);
      for (const path of wanted) if (!watched.has(path)) add(path);
    },
    [Symbol.dispose]() {
      for (const path of watched) remove(path);
    },
  };
}

function listOf(path: string): readonly string[] | undefined {
  try {
    const list: unknown = JSON.parse(readFileSync(path, "utf8"));
    return Array.isArray(list) ? list.filter((item) => typeof item === "string").slice(0, FILES_MAX) : undefined;
  } catch {
    return undefined;
  }
}
