import { diskPath } from "../hal/disk.ts";
import type { Disk, DiskFile } from "../hal/disk.ts";
import { HalError } from "../hal/error.ts";
import { everyChoice, seededChoice } from "./chance.ts";
import type { Choose } from "./chance.ts";
import type { MemoryFile } from "./memory-file.ts";
import { emptyNames } from "./memory-names.ts";
import type { Names } from "./memory-names.ts";

/** Crash states that {@link MemoryDisk.crashStates} gives at most: a history with more is too long for it. */
const CRASH_STATES_MAX = 100_000;

/**
 * A disk in memory that forgets as real ones do. What was not synced is found after a power cut as it was, as it
 * became, torn at half a sector, as garbage, or in any mixture, sector by sector; names that no `syncDirectory` made
 * durable may be as before. A sync that fails leaves clean pages: a later one does not bring back what it lost.
 */
export interface MemoryDisk extends Disk {
  /** The disk as a power cut now may leave it. This one goes on as if nothing had happened. */
  crash(seed: number): MemoryDisk;
  /** Every disk a power cut now may leave, at most `limit`, default {@link CRASH_STATES_MAX}. */
  crashStates(limit?: number): Generator<MemoryDisk>;
  /** The next `count` syncs fail, of files and of directories. */
  failSyncs(count: number): void;
  /** The next `count` reads fail. */
  failReads(count: number): void;
  /** Bytes that fit, all files together. */
  limit(capacityBytes: number): void;
  /** Is called after everything that changes what a power cut may leave. */
  onChange(listener: () => void): void;
}

export function memoryDisk(options: { readonly capacityBytes?: number } = {}): MemoryDisk {
  return diskOf(emptyNames(), options.capacityBytes ?? Number.POSITIVE_INFINITY);
}

function diskOf(names: Names, capacity: number): MemoryDisk {
  let capacityBytes = capacity;
  let failingSyncs = 0;
  let failingReads = 0;
  let changed = (): void => {};

  const syncFails = (): boolean => failingSyncs > 0 && failingSyncs-- > 0;
  const readFails = (): boolean => failingReads > 0 && failingReads-- > 0;
  const room = (): number => capacityBytes - names.files().reduce((bytes, file) => bytes + file.size, 0);
  const after = (choose: Choose): MemoryDisk => diskOf(names.settled(choose), capacityBytes);

  /** The effect comes at once, the answer a microtask later; errors of the caller and of the disk alike. */
  const doing = <T>(work: () => T): Promise<T> => Promise.try(work);
  const changing = <T>(work: () => T): Promise<T> =>
    Promise.try(() => {
      try {
        return work();
      } finally {
        changed();
      }
    });

  const fileOf = (path: string, file: MemoryFile): DiskFile => {
    let open = true;
    const opened = (): MemoryFile => {
      if (!open) throw new HalError("HAL_DISK_FAILED", `${path} is closed`);
      return file;
    };
    return {
      read: (offset, length) =>
        doing(() => {
          if (readFails()) throw new HalError("HAL_DISK_FAILED", `${path}: read failed`);
          return opened().read(offset, length);
        }),
      write: (offset, bytes) =>
        changing(() => {
          const fits = Math.max(0, Math.max(opened().size, file.size + room()) - offset);
          file.write(offset, bytes.subarray(0, fits));
          if (fits < bytes.length) throw new HalError("HAL_DISK_FULL", `${path}: ${capacityBytes} bytes are in use`);
        }),
      size: () => doing(() => opened().size),
      truncate: (size) => changing(() => opened().truncate(size)),
      sync: () => changing(() => opened().sync(syncFails())),
      [Symbol.asyncDispose]: () => doing(() => void (open = false)),
    };
  };

  return {
    open: (path, { create }) => changing(() => fileOf(path, names.open(diskPath(path), create))),
    rename: (from, to) => changing(() => names.rename(diskPath(from), diskPath(to))),
    remove: (path) => changing(() => names.remove(diskPath(path))),
    list: (path) => doing(() => names.list(diskPath(path))),
    makeDirectory: (path) => changing(() => names.makeDirectory(diskPath(path))),
    syncDirectory: (path) =>
      changing(() => {
        if (syncFails()) throw new HalError("HAL_DISK_FAILED", `${path}: sync failed`);
        names.sync(diskPath(path));
      }),
    crash: (seed) => after(seededChoice(seed)),
    crashStates: (limit = CRASH_STATES_MAX) => everyChoice(after, limit),
    failSyncs: (count) => void (failingSyncs = count),
    failReads: (count) => void (failingReads = count),
    limit: (bytes) => void (capacityBytes = bytes),
    onChange: (listener) => void (changed = listener),
  };
}
