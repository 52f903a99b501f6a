import assert from "node:assert/strict";
import type { Disk } from "../../hal/disk.ts";
import type { ContractCase } from "./contract.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");
const bytesOf = (words: string): Uint8Array => Buffer.from(words, "utf8");

/** @param use gives an empty disk to a case and frees it afterwards */
export function diskContract(use: (work: (disk: Disk) => Promise<void>) => Promise<void>): ContractCase[] {
  const contractCase = (name: string, work: (disk: Disk) => Promise<void>): ContractCase => ({
    name,
    run: () => use(work),
  });
  return [
    contractCase("what was written is read back, fewer bytes only at the end of the file", async (disk) => {
      await using file = await disk.open("state", { create: true });
      assert.equal(await file.size(), 0);
      await file.write(0, bytesOf("hold fast"));
      await file.sync();
      assert.equal(text(await file.read(0, 100)), "hold fast");
      assert.equal(text(await file.read(5, 2)), "fa");
      assert.equal((await file.read(9, 10)).length, 0);
      assert.equal((await file.read(90, 10)).length, 0);
    }),
    contractCase("writing beyond the end fills the gap with zeros, and truncating cuts and grows", async (disk) => {
      await using file = await disk.open("state", { create: true });
      await file.write(3, bytesOf("abc"));
      assert.deepEqual([...(await file.read(0, 10))], [0, 0, 0, 97, 98, 99]);
      await file.truncate(4);
      assert.equal(await file.size(), 4);
      await file.truncate(6);
      assert.deepEqual([...(await file.read(0, 10))], [0, 0, 0, 97, 0, 0]);
    }),
    contractCase("a large write comes back whole", async (disk) => {
      const bytes = new Uint8Array(3_000_000).map((_, at) => at % 251);
      await using file = await disk.open("large", { create: true });
      await file.write(0, bytes);
      await file.sync();
      assert.deepEqual(Buffer.from(await file.read(0, bytes.length)), Buffer.from(bytes));
    }),
    contractCase("two openings of a file see the same bytes", async (disk) => {
      await using one = await disk.open("state", { create: true });
      await using other = await disk.open("state", { create: true });
      await one.write(0, bytesOf("abc"));
      assert.equal(text(await other.read(0, 3)), "abc");
    }),
    contractCase("opening without create refuses a missing file, and create a missing folder", async (disk) => {
      await assert.rejects(disk.open("none", { create: false }), { code: "HAL_FILE_MISSING" });
      await assert.rejects(disk.open("none/state", { create: true }), { code: "HAL_FILE_MISSING" });
      assert.deepEqual(await disk.list(""), []);
    }),
    contractCase("a folder is not a file, and a file is not a folder", async (disk) => {
      await disk.makeDirectory("folder");
      await (await disk.open("file", { create: true }))[Symbol.asyncDispose]();
      await assert.rejects(disk.open("folder", { create: true }), { code: "HAL_FILE_REFUSED" });
      await assert.rejects(disk.open("file/below", { create: true }), { code: "HAL_FILE_MISSING" });
      await assert.rejects(disk.remove("folder"), { code: "HAL_FILE_REFUSED" });
    }),
    contractCase("names are listed sorted, folder by folder, and a missing folder is empty", async (disk) => {
      await disk.makeDirectory("a/b");
      await disk.makeDirectory("a/b");
      for (const path of ["a/z", "a/b/x", "a/A", "top"]) {
        await (await disk.open(path, { create: true }))[Symbol.asyncDispose]();
      }
      assert.deepEqual(await disk.list(""), ["a", "top"]);
      assert.deepEqual(await disk.list("."), ["a", "top"]);
      assert.deepEqual(await disk.list("a"), ["A", "b", "z"]);
      assert.deepEqual(await disk.list("a/b"), ["x"]);
      assert.deepEqual(await disk.list("nowhere"), []);
    }),
    contractCase("renaming replaces what had the name, and an open file stays itself", async (disk) => {
      await using file = await disk.open("new", { create: true });
      await file.write(0, bytesOf("new"));
      await using old = await disk.open("state", { create: true });
      await old.write(0, bytesOf("old"));
      await disk.rename("new", "state");
      assert.deepEqual(await disk.list(""), ["state"]);
      await using state = await disk.open("state", { create: false });
      assert.equal(text(await state.read(0, 10)), "new");
      assert.equal(text(await old.read(0, 10)), "old");
      await file.write(3, bytesOf("er"));
      assert.equal(text(await state.read(0, 10)), "newer");
      await assert.rejects(disk.rename("none", "state"), { code: "HAL_FILE_MISSING" });
    }),
    contractCase("removing takes a file away, and a missing one is fine", async (disk) => {
      await using file = await disk.open("state", { create: true });
      await disk.remove("state");
      await disk.remove("state");
      await disk.remove("nowhere/state");
      assert.deepEqual(await disk.list(""), []);
      await file.write(0, bytesOf("still mine"));
      assert.equal(await file.size(), 10);
    }),
    contractCase("folders are synced, the root as well, and a missing one is not", async (disk) => {
      await disk.makeDirectory("a");
      await disk.syncDirectory("a");
      await disk.syncDirectory("");
      await disk.syncDirectory(".");
      await assert.rejects(disk.syncDirectory("none"), { code: "HAL_FILE_MISSING" });
    }),
    contractCase("a path that could leave the folder is the caller's mistake", async (disk) => {
      for (const path of ["..", "../x", "a/../x", "/etc/passwd", "a//b", "a/", "./a", "a\0b", "x".repeat(256)]) {
        await assert.rejects(disk.open(path, { create: true }), RangeError, path);
        await assert.rejects(disk.remove(path), RangeError, path);
        await assert.rejects(disk.rename("a", path), RangeError, path);
        await assert.rejects(disk.list(path), RangeError, path);
        await assert.rejects(disk.makeDirectory(path), RangeError, path);
        await assert.rejects(disk.syncDirectory(path), RangeError, path);
      }
    }),
    contractCase("a closed file refuses", async (disk) => {
      const file = await disk.open("state", { create: true });
      await file[Symbol.asyncDispose]();
      await assert.rejects(file.write(0, bytesOf("x")), { code: "HAL_DISK_FAILED" });
    }),
  ];
}
