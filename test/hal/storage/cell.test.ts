import fc from "fast-check";
import { expect, test } from "vitest";
import type { Disk } from "../../../hal/disk.ts";
import { CELL_BYTES_MAX, openCell } from "../../../hal/storage/cell.ts";
import type { Cell } from "../../../hal/storage/cell.ts";
import { memoryDisk } from "../../../simulator/disk.ts";

const bytesOf = (text: string): Uint8Array => Buffer.from(text);
const read = async (cell: Cell): Promise<string | undefined> => {
  const state = await cell.read();
  return state === undefined ? undefined : Buffer.from(state).toString();
};
async function put(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  await using file = await disk.open(path, { create: true });
  await file.truncate(0);
  await file.write(0, bytes);
}
async function get(disk: Disk, path: string): Promise<Uint8Array> {
  await using file = await disk.open(path, { create: false });
  return file.read(0, await file.size());
}

test("whatever else is in its files, a cell reads as never written", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 3 }), async (files) => {
      const disk = memoryDisk();
      for (const [index, bytes] of files.entries()) await put(disk, `boot-id.${"abc"[index]}`, bytes);
      const cell = openCell(disk, "boot-id");
      expect(await cell.read()).toBeUndefined();
      await cell.replace(bytesOf("new"));
      expect(await read(openCell(disk, "boot-id"))).toBe("new");
    }),
    { numRuns: 2_000 },
  );
});

test("one changed bit anywhere in the latest slot gives the state before it", async () => {
  const disk = memoryDisk();
  const cell = openCell(disk, "boot-id");
  await cell.replace(bytesOf("old"));
  await cell.replace(bytesOf("new"));
  const good = await get(disk, "boot-id.b");
  for (let bit = 0; bit < good.length * 8; bit++) {
    const bad = good.slice();
    bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    await put(disk, "boot-id.b", bad);
    expect(await read(openCell(disk, "boot-id"))).toBe("old");
  }
});

test("a slot that was cut short, at any byte, gives the state before it", async () => {
  const disk = memoryDisk();
  const cell = openCell(disk, "boot-id");
  await cell.replace(bytesOf("old"));
  await cell.replace(bytesOf("new"));
  const good = await get(disk, "boot-id.b");
  for (let length = 0; length < good.length; length++) {
    await put(disk, "boot-id.b", good.subarray(0, length));
    expect(await read(openCell(disk, "boot-id"))).toBe("old");
  }
});

test("a slot that rots while the cell is open gives the state before it, and the cell goes on", async () => {
  const disk = memoryDisk();
  const cell = openCell(disk, "boot-id");
  await cell.replace(bytesOf("old"));
  await cell.replace(bytesOf("new"));
  await put(disk, "boot-id.b", bytesOf("rotten"));
  expect(await read(cell)).toBe("old");
  await cell.replace(bytesOf("newer"));
  expect(await read(cell)).toBe("newer");
});

test("what cannot be read is an error, not an empty cell", async () => {
  const disk = memoryDisk();
  await openCell(disk, "boot-id").replace(bytesOf("only"));
  disk.failReads(1);
  const cell = openCell(disk, "boot-id");
  await expect(cell.read()).rejects.toMatchObject({ code: "HAL_DISK_FAILED" });
  expect(await read(cell)).toBe("only");
});

test("a full disk leaves the old state, and the next replace works once there is room", async () => {
  const disk = memoryDisk();
  const cell = openCell(disk, "boot-id");
  await cell.replace(bytesOf("old"));
  disk.limit(100);
  await expect(cell.replace(bytesOf("new"))).rejects.toMatchObject({ code: "HAL_DISK_FULL" });
  expect(await read(cell)).toBe("old");
  expect(await read(openCell(disk, "boot-id"))).toBe("old");
  disk.limit(1_000);
  await cell.replace(bytesOf("new"));
  expect(await read(cell)).toBe("new");
});

test("a state longer than a cell may be is refused and the old one stays", async () => {
  const cell = openCell(memoryDisk(), "boot-id");
  await cell.replace(bytesOf("old"));
  await expect(cell.replace(new Uint8Array(CELL_BYTES_MAX + 1))).rejects.toMatchObject({ code: "HAL_CELL_SIZE" });
  expect(await read(cell)).toBe("old");
});
