import assert from "node:assert/strict";
import type { Disk } from "../../hal/disk.ts";
import { CELL_BYTES_MAX, openCell } from "../../hal/storage/cell.ts";
import type { ContractCase } from "./contract.ts";

/** @param use gives an empty disk to a case and frees it afterwards */
export function cellContract(use: (work: (disk: Disk) => Promise<void>) => Promise<void>): ContractCase[] {
  const contractCase = (name: string, work: (disk: Disk) => Promise<void>): ContractCase => ({
    name,
    run: () => use(work),
  });
  return [
    contractCase("a cell that was never written is empty", async (disk) => {
      assert.equal(await openCell(disk, "boot-id").read(), undefined);
      assert.deepEqual(await disk.list(""), []);
    }),
    contractCase("the latest state is read, by whoever opens the cell later too", async (disk) => {
      const cell = openCell(disk, "boot-id");
      for (const size of [3, 0, 5_000, 1, 70_000, 2]) {
        const state = new Uint8Array(size).fill(size);
        await cell.replace(state);
        assert.deepEqual(Buffer.from((await cell.read()) ?? []), Buffer.from(state));
        assert.deepEqual(Buffer.from((await openCell(disk, "boot-id").read()) ?? []), Buffer.from(state));
      }
      assert.deepEqual(await disk.list(""), ["boot-id.a", "boot-id.b"]);
    }),
    contractCase("calls are taken one after another", async (disk) => {
      const cell = openCell(disk, "boot-id");
      const replacing = Array.from({ length: 20 }, (_, at) => cell.replace(Uint8Array.of(at)));
      const between = cell.read();
      const last = cell.replace(Uint8Array.of(99));
      assert.deepEqual([...((await between) ?? [])], [19]);
      await Promise.all([...replacing, last]);
      assert.deepEqual([...((await cell.read()) ?? [])], [99]);
    }),
    contractCase("cells on one disk do not know each other", async (disk) => {
      const [one, other] = [openCell(disk, "boot-id"), openCell(disk, "boot")];
      await one.replace(Uint8Array.of(1));
      await other.replace(Uint8Array.of(2));
      assert.deepEqual([...((await one.read()) ?? [])], [1]);
      assert.deepEqual([...((await other.read()) ?? [])], [2]);
    }),
    contractCase("the longest state fits", async (disk) => {
      const cell = openCell(disk, "large");
      await cell.replace(new Uint8Array(CELL_BYTES_MAX).fill(7));
      assert.equal((await cell.read())?.length, CELL_BYTES_MAX);
    }),
    contractCase("a name that is not one is the caller's mistake", async (disk) => {
      for (const name of ["", "Boot", "a/b", "..", "a.b", "-a", "a-", "a--b"]) {
        assert.throws(() => openCell(disk, name), RangeError);
      }
    }),
  ];
}
