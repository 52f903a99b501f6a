import { mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { linuxDisk } from "../../../hal/linux/disk.ts";

let folder: string;

beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "disk-"))));
afterEach(() => rm(folder, { recursive: true }));

const modeOf = async (path: string): Promise<number> => (await stat(join(folder, path))).mode & 0o777;

test("what it makes is the owner's alone", async () => {
  const disk = linuxDisk(folder);
  await disk.makeDirectory("a/b");
  await using _file = await disk.open("a/b/state", { create: true });
  expect(await modeOf("a")).toBe(0o700);
  expect(await modeOf("a/b")).toBe(0o700);
  expect(await modeOf("a/b/state")).toBe(0o600);
});

test("a symbolic link is not followed out of the folder", async () => {
  await writeFile(join(folder, "target"), "secret");
  await symlink(join(folder, "target"), join(folder, "state"));
  await expect(linuxDisk(folder).open("state", { create: false })).rejects.toMatchObject({ code: "HAL_FILE_REFUSED" });
});

test("a full disk says so", async () => {
  await using full = await linuxDisk("/dev").open("full", { create: false });
  await expect(full.write(0, new Uint8Array(10))).rejects.toMatchObject({ code: "HAL_DISK_FULL" });
});

test("what the medium does not give back, and what cannot be synced, has failed", async () => {
  await using memory = await linuxDisk("/proc/self").open("mem", { create: false });
  await expect(memory.read(0, 10)).rejects.toMatchObject({ code: "HAL_DISK_FAILED" });
  await expect(memory.sync()).rejects.toMatchObject({ code: "HAL_DISK_FAILED" });
});

test("a folder that is not absolute would depend on where the process was started", () => {
  expect(() => linuxDisk("state")).toThrow(RangeError);
});
