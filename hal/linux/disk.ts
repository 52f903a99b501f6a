import { constants } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { diskPath } from "../disk.ts";
import type { Disk, DiskFile } from "../disk.ts";
import { HalError } from "../error.ts";
import type { HalErrorCode } from "../error.ts";

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const { O_CREAT, O_DIRECTORY, O_NOFOLLOW, O_RDONLY, O_RDWR } = constants;

/**
 * Files below `rootFolder`, which must exist. Everything goes through `FileHandle`, the only thing that may sync under
 * Node's permission model. A last name that is a symbolic link is refused.
 * @param rootFolder absolute path
 */
export function linuxDisk(rootFolder: string): Disk {
  if (!isAbsolute(rootFolder)) throw new RangeError(`the disk's folder must be absolute: ${rootFolder}`);
  const at = (path: string): string => join(rootFolder, ...diskPath(path));
  return {
    open: (path, { create }) =>
      coded(path, async () => {
        const flags = O_RDWR | O_NOFOLLOW | (create ? O_CREAT : 0);
        return diskFile(path, await open(at(path), flags, FILE_MODE));
      }),
    rename: (from, to) => coded(from, () => rename(at(from), at(to))),
    remove: (path) => coded(path, () => rm(at(path), { force: true })),
    list: (path) =>
      coded(path, async () => {
        const names = await readdir(at(path)).catch((cause: NodeJS.ErrnoException) => {
          if (cause.code === "ENOENT") return [];
          throw cause;
        });
        return names.toSorted((a, b) => (a < b ? -1 : 1)); // by code unit, whatever the locale
      }),
    makeDirectory: (path) =>
      coded(path, async () => void (await mkdir(at(path), { recursive: true, mode: FOLDER_MODE }))),
    syncDirectory: (path) =>
      coded(path, async () => {
        await using folder = await open(at(path), O_RDONLY | O_DIRECTORY);
        await folder.sync();
      }),
  };
}

function diskFile(path: string, handle: FileHandle): DiskFile {
  return {
    read: (offset, length) => coded(path, () => readFully(handle, offset, length)),
    write: (offset, bytes) => coded(path, () => writeFully(handle, offset, bytes)),
    size: () => coded(path, async () => (await handle.stat()).size),
    truncate: (size) => coded(path, () => handle.truncate(size)),
    sync: () => coded(path, () => handle.sync()),
    [Symbol.asyncDispose]: () => coded(path, () => handle.close()),
  };
}

/** One call may give fewer bytes than there are. */
async function readFully(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** One call may take fewer bytes than it is given. */
async function writeFully(handle: FileHandle, offset: number, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, offset + written);
    written += bytesWritten;
  }
}

async function coded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof RangeError || cause instanceof TypeError) throw cause;
    const { code = "unknown" } = cause as NodeJS.ErrnoException;
    throw new HalError(CODES[code] ?? "HAL_DISK_FAILED", `${path === "" ? "." : path}: ${code}`, { cause });
  }
}

const CODES: Readonly<Record<string, HalErrorCode>> = {
  ENOENT: "HAL_FILE_MISSING",
  ENOTDIR: "HAL_FILE_MISSING", // a file stands where the path needs a folder
  EACCES: "HAL_FILE_REFUSED",
  EPERM: "HAL_FILE_REFUSED",
  ERR_ACCESS_DENIED: "HAL_FILE_REFUSED", // Node's permission model
  EROFS: "HAL_FILE_REFUSED",
  EISDIR: "HAL_FILE_REFUSED",
  ERR_FS_EISDIR: "HAL_FILE_REFUSED",
  ELOOP: "HAL_FILE_REFUSED", // a symbolic link
  EEXIST: "HAL_FILE_REFUSED",
  ENOTEMPTY: "HAL_FILE_REFUSED",
  EMFILE: "HAL_FILE_REFUSED",
  ENFILE: "HAL_FILE_REFUSED",
  ENOSPC: "HAL_DISK_FULL",
  EDQUOT: "HAL_DISK_FULL",
};
