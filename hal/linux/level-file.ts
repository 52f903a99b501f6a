import { constants, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";

const LEVEL_BYTES_MAX = 16;

export function openForReading(path: string): number {
  return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
}

/**
 * The number in a file of sysfs, read afresh from its beginning.
 * @throws {Error} what the kernel says, or that there is none
 */
export function readNumber(descriptor: number): number {
  const bytes = Buffer.alloc(LEVEL_BYTES_MAX);
  const text = bytes.toString("latin1", 0, readSync(descriptor, bytes, 0, LEVEL_BYTES_MAX, 0)).trim();
  if (!/^\d{1,9}$/.test(text)) throw new Error("there is no level in its file");
  return Number(text);
}

/** Writes an attribute of sysfs, which is there or an error: nothing is ever made, and nothing cut. */
export async function writeAttribute(path: string, text: string): Promise<void> {
  await using file = await open(path, constants.O_WRONLY);
  await file.write(text, 0);
}
