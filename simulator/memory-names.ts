import { HalError } from "../hal/error.ts";
import type { Choose } from "./chance.ts";
import { MemoryFile } from "./memory-file.ts";

type Node = MemoryFile | "folder";
type Table = Map<string, Node>;

/** A change of names that a power cut may undo until its folder is synced. */
interface Pending {
  readonly folder: string;
  /** does nothing where an earlier change it builds on is missing */
  apply(table: Table): void;
}

/** The names of a disk: as everyone sees them, and as the medium may have them. */
export interface Names {
  open(path: readonly string[], create: boolean): MemoryFile;
  rename(from: readonly string[], to: readonly string[]): void;
  remove(path: readonly string[]): void;
  list(path: readonly string[]): string[];
  makeDirectory(path: readonly string[]): void;
  sync(folder: readonly string[]): void;
  files(): MemoryFile[];
  /** As a power cut may leave them, with the files they name. */
  settled(choose: Choose): Names;
}

export function emptyNames(): Names {
  return namesOf(new Map());
}

function namesOf(durable: Table): Names {
  const seen: Table = new Map(durable);
  let pending: Pending[] = [];

  const folderOf = (path: readonly string[]): string => path.slice(0, -1).join("/");
  const nodeAt = (key: string): Node | undefined => (key === "" ? "folder" : seen.get(key));
  const change = (folder: string, apply: (table: Table) => void): void => {
    apply(seen);
    pending.push({ folder, apply });
  };
  const requireFolder = (key: string): void => {
    if (nodeAt(key) !== "folder") throw new HalError("HAL_FILE_MISSING", `no folder ${key}`);
  };

  return {
    open(path, create) {
      const key = path.join("/");
      const found = nodeAt(key);
      if (found === "folder") throw new HalError("HAL_FILE_REFUSED", `${key} is a folder`);
      if (found !== undefined) return found;
      requireFolder(folderOf(path));
      if (!create) throw new HalError("HAL_FILE_MISSING", `no file ${key}`);
      const file = new MemoryFile();
      change(folderOf(path), (table) => void table.set(key, file));
      return file;
    },
    rename(from, to) {
      const [source, target] = [from.join("/"), to.join("/")];
      const node = seen.get(source);
      if (node === undefined) throw new HalError("HAL_FILE_MISSING", `no file ${source}`);
      if (node === "folder" || nodeAt(target) === "folder") {
        throw new HalError("HAL_FILE_REFUSED", `${source} to ${target}: a folder`);
      }
      requireFolder(folderOf(to));
      change(folderOf(to), (table) => {
        if (table.get(source) !== node) return;
        table.delete(source);
        table.set(target, node);
      });
    },
    remove(path) {
      const key = path.join("/");
      const node = nodeAt(key);
      if (node === "folder") throw new HalError("HAL_FILE_REFUSED", `${key} is a folder`);
      if (node === undefined) return;
      change(folderOf(path), (table) => {
        if (table.get(key) === node) table.delete(key);
      });
    },
    list(path) {
      const key = path.join("/");
      const prefix = key === "" ? "" : `${key}/`;
      if (nodeAt(key) instanceof MemoryFile) throw new HalError("HAL_FILE_MISSING", `${key} is no folder`);
      const below = [...seen.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
      return below.filter((name) => !name.includes("/")).toSorted();
    },
    makeDirectory(path) {
      for (let depth = 1; depth <= path.length; depth++) {
        const key = path.slice(0, depth).join("/");
        const node = nodeAt(key);
        if (node instanceof MemoryFile) throw new HalError("HAL_FILE_REFUSED", `${key} is a file`);
        if (node === undefined) change(folderOf(path.slice(0, depth)), (table) => void table.set(key, "folder"));
      }
    },
    sync(path) {
      const folder = path.join("/");
      requireFolder(folder);
      for (const one of pending) if (one.folder === folder) one.apply(durable);
      pending = pending.filter((one) => one.folder !== folder);
    },
    files: () => [...new Set(seen.values())].filter((node) => node instanceof MemoryFile),
    settled(choose) {
      const table: Table = new Map(durable);
      for (const one of pending) if (choose(2) === 1) one.apply(table);
      return namesOf(settledTable(table, choose));
    },
  };
}

/** What stands in a folder that did not survive did not either. */
function settledTable(table: Table, choose: Choose): Table {
  const settled: Table = new Map();
  for (const key of [...table.keys()].toSorted()) {
    const folder = key.includes("/") ? key.slice(0, key.lastIndexOf("/")) : undefined;
    const node = table.get(key);
    if (node === undefined || (folder !== undefined && settled.get(folder) !== "folder")) continue;
    settled.set(key, node === "folder" ? node : node.settled(choose));
  }
  return settled;
}
