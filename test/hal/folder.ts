import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives an empty folder of mode 0700 and takes it away again with whatever is in it. */
export async function useFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "hal-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
