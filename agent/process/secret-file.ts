import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { HalError } from "../../hal/error.ts";

/** MQTT takes no longer password [MQTT 3.1.3.6], and a proxy none that long. */
const PASSWORD_BYTES_MAX = 4_096;
const READABLE_BY_OTHERS = 0o004;

export interface NamedFile {
  /** of the configuration, such as `uplink.broker.key` */
  readonly key: string;
  readonly path: string;
}

/**
 * The text of a file, all of it or nothing.
 * @throws {HalError} `HAL_FILE_MISSING`, `HAL_FILE_REFUSED`; `HAL_TLS_MATERIAL` where it is longer than `bytesMax`
 */
export async function readNamedFile(file: NamedFile, bytesMax: number): Promise<string> {
  await using handle = await openNamed(file);
  return await readBounded(handle, file, bytesMax);
}

/**
 * The same, for what nobody but this process may know: a file that everyone on the machine can read is refused, since
 * whatever is in it is no secret any more.
 */
export async function readSecretFile(file: NamedFile, bytesMax: number): Promise<string> {
  await using handle = await openNamed(file);
  const { mode } = await handle.stat();
  if ((mode & READABLE_BY_OTHERS) !== 0) {
    throw new HalError(
      "HAL_FILE_REFUSED",
      `${file.key}: everyone on this machine can read ${file.path}; run: chmod o-rwx ${file.path}`,
    );
  }
  return await readBounded(handle, file, bytesMax);
}

/** The first line of a secret file. @throws {HalError} as {@link readSecretFile}; `HAL_TLS_MATERIAL` where it is empty */
export async function readPasswordFile(file: NamedFile): Promise<string> {
  const text = await readSecretFile(file, PASSWORD_BYTES_MAX);
  const [password = ""] = text.split(/\r?\n/, 1);
  if (password === "") throw new HalError("HAL_TLS_MATERIAL", `${file.key}: the first line of ${file.path} is empty`);
  return password;
}

async function openNamed({ key, path }: NamedFile): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "ENOENT") {
      const message = `${key}: ${path} does not exist; put the file there or correct the path`;
      throw new HalError("HAL_FILE_MISSING", message, { cause });
    }
    // as a number, which chgrp takes too: what the group is called, only the system knows
    const remedy = code === "EACCES" ? `; run: chgrp ${process.getgid?.()} ${path} && chmod 640 ${path}` : "";
    throw new HalError("HAL_FILE_REFUSED", `${key}: ${path} cannot be read by this process${remedy}`, { cause });
  }
}

async function readBounded(handle: FileHandle, { key, path }: NamedFile, bytesMax: number): Promise<string> {
  try {
    const { size } = await handle.stat();
    const text = size > bytesMax ? undefined : await handle.readFile("utf8");
    if (text === undefined || text.length > bytesMax) {
      throw new HalError("HAL_TLS_MATERIAL", `${key}: ${path} is over ${bytesMax} bytes`);
    }
    return text;
  } catch (cause) {
    if (cause instanceof HalError) throw cause;
    throw new HalError("HAL_FILE_REFUSED", `${key}: ${path} cannot be read`, { cause });
  }
}
