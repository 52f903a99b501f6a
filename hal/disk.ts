/** An open file. Offsets are explicit; nothing is durable before `sync`. */
export interface DiskFile extends AsyncDisposable {
  /** Up to `length` bytes from `offset`; fewer only at the end of the file. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** All bytes or an error; after an error any prefix of them may be there. */
  write(offset: number, bytes: Uint8Array): Promise<void>;
  size(): Promise<number>;
  truncate(size: number): Promise<void>;
  /**
   * Returns once the bytes and what is needed to read them back are on the medium.
   * @throws {HalError} `HAL_DISK_FAILED`: what was written since the last sync must be taken for lost, a retry proves nothing
   */
  sync(): Promise<void>;
}

/**
 * Files below one folder that belongs to the caller alone. Paths are relative, `/` between names; `..` is a `RangeError`.
 * A created, renamed or removed name survives a power cut only after `syncDirectory` of its folder.
 */
export interface Disk {
  /** `create` makes an empty file (mode 0600) where there is none. @throws {HalError} `HAL_FILE_MISSING`, `HAL_FILE_REFUSED`, `HAL_DISK_FULL` */
  open(path: string, options: { readonly create: boolean }): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  /** A missing file is fine. */
  remove(path: string): Promise<void>;
  /** Names in a folder, sorted; empty where there is no such folder. */
  list(path: string): Promise<readonly string[]>;
  /** With parents, mode 0700. */
  makeDirectory(path: string): Promise<void>;
  syncDirectory(path: string): Promise<void>;
}

/** Longest name in a path, as Linux file systems have it. */
const NAME_BYTES_MAX = 255;

/**
 * The names of a path, none for the root, which is written `` or `.`.
 * @throws {RangeError} for what could leave the folder or name something else than it says
 */
export function diskPath(path: string): readonly string[] {
  if (path === "" || path === ".") return [];
  const names = path.split("/");
  for (const name of names) {
    if (name === "" || name === "." || name === ".." || name.includes("\0")) {
      throw new RangeError(`not a relative path of plain names: ${JSON.stringify(path)}`);
    }
    if (Buffer.byteLength(name) > NAME_BYTES_MAX) throw new RangeError(`a name of more than ${NAME_BYTES_MAX} bytes`);
  }
  return names;
}
