import { expect, test } from "vitest";
import type { Disk } from "../../hal/disk.ts";
import { memoryDisk } from "../../simulator/disk.ts";
import type { MemoryDisk } from "../../simulator/disk.ts";

const SECTOR = 512;

async function write(disk: Disk, path: string, text: string, { sync = true } = {}): Promise<void> {
  await using file = await disk.open(path, { create: true });
  await file.write(0, Buffer.from(text));
  if (sync) await file.sync();
}

/** The text of a file, or undefined where there is none. */
async function read(disk: Disk, path: string): Promise<string | undefined> {
  try {
    await using file = await disk.open(path, { create: false });
    return Buffer.from(await file.read(0, await file.size())).toString("latin1");
  } catch {
    return undefined;
  }
}

async function found(disk: MemoryDisk, path: string): Promise<Set<string | undefined>> {
  const texts = new Set<string | undefined>();
  for (const state of disk.crashStates()) texts.add(await read(state, path));
  return texts;
}

test("what was synced, under a name that was synced, is all that a power cut can leave", async () => {
  const disk = memoryDisk();
  await write(disk, "state", "old");
  await disk.syncDirectory("");
  expect(await found(disk, "state")).toEqual(new Set(["old"]));
});

test("a name is not durable before its folder is synced, nor a folder before the one above it", async () => {
  const disk = memoryDisk();
  await write(disk, "state", "old");
  expect(await found(disk, "state")).toEqual(new Set(["old", undefined]));
  await disk.makeDirectory("a/b");
  await write(disk, "a/b/state", "deep");
  await disk.syncDirectory("a/b");
  await disk.syncDirectory("a");
  expect(await found(disk, "a/b/state")).toContain(undefined);
  await disk.syncDirectory("");
  expect(await found(disk, "a/b/state")).toEqual(new Set(["deep"]));
});

test("an unsynced sector is found old, new, torn or as garbage", async () => {
  const disk = memoryDisk();
  await write(disk, "state", "o".repeat(SECTOR));
  await disk.syncDirectory("");
  await write(disk, "state", "n".repeat(SECTOR), { sync: false });
  const texts = await found(disk, "state");
  expect(texts).toContain("o".repeat(SECTOR));
  expect(texts).toContain("n".repeat(SECTOR));
  expect(texts).toContain("n".repeat(SECTOR / 2) + "o".repeat(SECTOR / 2));
  expect(texts.size).toBe(4);
});

test("unsynced sectors are kept or lost each for itself, and so is the length", async () => {
  const disk = memoryDisk();
  await write(disk, "state", "o");
  await disk.syncDirectory("");
  await write(disk, "state", "a".repeat(SECTOR) + "b".repeat(SECTOR), { sync: false });
  const texts = [...(await found(disk, "state"))];
  expect(texts).toContain("a");
  expect(texts).toContain("a".repeat(SECTOR) + "\0".repeat(SECTOR));
  expect(texts).toContain(`o${"\0".repeat(SECTOR - 1)}${"b".repeat(SECTOR)}`);
});

test("a rename that was not synced is done or not, never half", async () => {
  const disk = memoryDisk();
  await write(disk, "state", "old");
  await write(disk, "new", "new");
  await disk.syncDirectory("");
  await disk.rename("new", "state");
  const states = [];
  for (const state of disk.crashStates()) states.push([await read(state, "state"), await read(state, "new")]);
  expect(states).toEqual([
    ["old", "new"],
    ["new", undefined],
  ]);
});

test("after a sync that failed the pages are clean, and a good one does not bring back what was lost", async () => {
  const disk = memoryDisk();
  await write(disk, "state", "old");
  await disk.syncDirectory("");
  disk.failSyncs(1);
  await expect(write(disk, "state", "new")).rejects.toMatchObject({ code: "HAL_DISK_FAILED" });
  await using file = await disk.open("state", { create: false });
  await file.sync();
  expect(await read(disk, "state")).toBe("new");
  expect(await found(disk, "state")).toContain("old");
  await file.write(0, Buffer.from("new"));
  await file.sync();
  expect(await found(disk, "state")).toEqual(new Set(["new"]));
});

test("the same seed cuts the power the same way, and the disk that was cut goes on", async () => {
  const disk = memoryDisk();
  await write(disk, "state", "o".repeat(3 * SECTOR));
  await disk.syncDirectory("");
  await write(disk, "state", "n".repeat(3 * SECTOR), { sync: false });
  expect(await read(disk.crash(5), "state")).toBe(await read(disk.crash(5), "state"));
  const texts = new Set<string | undefined>();
  for (let seed = 0; seed < 200; seed++) texts.add(await read(disk.crash(seed), "state"));
  expect(texts.size).toBeGreaterThan(30);
  expect(await read(disk, "state")).toBe("n".repeat(3 * SECTOR));
});

test("what a power cut left is durable", async () => {
  const disk = memoryDisk();
  await write(disk, "state", "new", { sync: false });
  const after = disk.crash(1);
  const text = await read(after, "state");
  expect(await found(after, "state")).toEqual(new Set([text]));
});

test("a full disk takes what fits, says so, and still lets files be overwritten", async () => {
  const disk = memoryDisk({ capacityBytes: 10 });
  await write(disk, "one", "123456");
  await expect(write(disk, "other", "123456")).rejects.toMatchObject({ code: "HAL_DISK_FULL" });
  expect(await read(disk, "other")).toBe("1234");
  await write(disk, "one", "abcdef");
  await disk.remove("other");
  await write(disk, "one", "0123456789");
});

test("a read that fails says so once", async () => {
  const disk = memoryDisk();
  await write(disk, "state", "old");
  disk.failReads(1);
  await using file = await disk.open("state", { create: false });
  await expect(file.read(0, 3)).rejects.toMatchObject({ code: "HAL_DISK_FAILED" });
  expect(Buffer.from(await file.read(0, 3)).toString()).toBe("old");
});
