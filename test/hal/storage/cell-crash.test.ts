import { expect, test } from "vitest";
import type { Disk, DiskFile } from "../../../hal/disk.ts";
import { openCell } from "../../../hal/storage/cell.ts";
import type { Cell } from "../../../hal/storage/cell.ts";
import { memoryDisk } from "../../../simulator/disk.ts";
import type { MemoryDisk } from "../../../simulator/disk.ts";

/** Slots of one to five sectors, so that a power cut finds tears inside and between them. */
const STATES = [
  "first".padEnd(100, "1"),
  "second".padEnd(2_000, "2"),
  "third".padEnd(300, "3"),
  "fourth".padEnd(2_300, "4"),
];

async function read(cell: Cell): Promise<string | undefined> {
  const state = await cell.read();
  return state === undefined ? undefined : Buffer.from(state).toString();
}

/** What a power cut may leave at one moment of a history, and what may be read then. */
interface Moment {
  readonly found: MemoryDisk;
  readonly allowed: readonly (string | undefined)[];
}

/** Writes `states` one after another; after every change of the disk, every disk a power cut may leave. */
async function history(
  disk: MemoryDisk,
  states: readonly string[],
  { cell = openCell(disk, "boot-id"), statesMax = 10_000 } = {},
): Promise<Moment[]> {
  const moments: Moment[] = [];
  let acknowledged = await read(cell);
  for (const state of states) {
    const allowed = [acknowledged, state];
    disk.onChange(() => {
      for (const found of disk.crashStates(statesMax)) moments.push({ found, allowed });
    });
    await cell.replace(Buffer.from(state));
    acknowledged = state;
    for (const found of disk.crashStates(statesMax)) moments.push({ found, allowed: [state] });
  }
  disk.onChange(() => {});
  return moments;
}

test("after a power cut at any instant a cell is the old state or the new, and the new once acknowledged", async () => {
  const moments = await history(memoryDisk(), STATES);
  for (const { found, allowed } of moments) expect(allowed).toContain(await read(openCell(found, "boot-id")));
  expect(moments.length).toBeGreaterThan(2_000);
});

test("a second power cut while the next state is written costs no more than the first", async () => {
  const moments = await history(memoryDisk(), STATES);
  let cuts = 0;
  for (const [index, { found }] of moments.entries()) {
    if (index % 5 !== 0) continue;
    for (const again of await history(found, ["again".padEnd(600, "5")], { statesMax: 40 })) {
      cuts++;
      expect(again.allowed).toContain(await read(openCell(again.found, "boot-id")));
    }
  }
  expect(cuts).toBeGreaterThan(10_000);
});

test("ten thousand random power cuts in a long life lose nothing that was acknowledged", async () => {
  for (let seed = 0; seed < 100; seed++) {
    let disk = memoryDisk();
    let acknowledged: string | undefined;
    for (let life = 0; life < 100; life++) {
      const cell = openCell(disk, "boot-id");
      const state = `${seed} ${life} `.padEnd((life * 37) % 1_500, "x");
      let changes = 0;
      const cutAt = (seed + life) % 6;
      let after: MemoryDisk | undefined;
      disk.onChange(() => {
        if (changes++ === cutAt) after = disk.crash(seed * 1_000 + life);
      });
      await cell.replace(Buffer.from(state));
      const cut = after;
      disk = after ?? disk.crash(seed * 1_000 + life);
      const found = await read(openCell(disk, "boot-id"));
      const allowed = cut === undefined ? [state] : [acknowledged, state];
      expect(allowed, `seed ${seed}, life ${life}`).toContain(found);
      acknowledged = found;
    }
  }
});

test("a sync that fails leaves the old state, for this process, the next one and after a power cut", async () => {
  for (const failing of [1, 2, 3]) {
    const disk = memoryDisk();
    const cell = openCell(disk, "boot-id");
    await cell.replace(Buffer.from("old"));
    disk.failSyncs(failing);
    await expect(cell.replace(Buffer.from("refused"))).rejects.toMatchObject({ code: "HAL_DISK_FAILED" });
    expect(await read(cell)).toBe("old");
    disk.failSyncs(0);
    expect(await read(openCell(disk, "boot-id"))).toBe("old");
    // Where not even the invalidation could be synced, the refused state may be what the medium kept.
    const allowed = failing === 1 ? ["old"] : ["old", "refused"];
    for (const found of disk.crashStates()) expect(allowed).toContain(await read(openCell(found, "boot-id")));

    await cell.replace(Buffer.from("new"));
    for (const found of disk.crashStates()) expect(await read(openCell(found, "boot-id"))).toBe("new");
  }
});

test("a sync that fails when a cell is first read costs no state that a power cut could have kept", async () => {
  const disk = memoryDisk();
  const cell = openCell(disk, "boot-id");
  await cell.replace(Buffer.from("old"));
  await diesAt(3, disk, (dying) => openCell(dying, "boot-id").replace(Buffer.from("unacknowledged")));
  disk.failSyncs(1);
  const next = openCell(disk, "boot-id");
  expect(await read(next)).toBe("unacknowledged");
  for (const { found } of await history(disk, ["new"], { cell: next })) {
    expect(["old", "unacknowledged", "new"]).toContain(await read(openCell(found, "boot-id")));
  }
  for (const found of disk.crashStates()) expect(await read(openCell(found, "boot-id"))).toBe("new");
  // The doubtful slot's turn comes again, and then it must hold.
  for (const { found, allowed } of await history(disk, ["one", "two", "the third"], { cell: next })) {
    expect(allowed).toContain(await read(openCell(found, "boot-id")));
  }
});

test("a state that a killed process left unsynced, once read, survives a power cut", async () => {
  for (let step = 0; step < 8; step++) {
    const disk = memoryDisk();
    await openCell(disk, "boot-id").replace(Buffer.from("old"));
    await diesAt(step, disk, (dying) => openCell(dying, "boot-id").replace(Buffer.from("new")));
    const seen = await read(openCell(disk, "boot-id"));
    expect(["old", "new"]).toContain(seen);
    for (const found of disk.crashStates()) expect(await read(openCell(found, "boot-id"))).toBe(seen);
  }
});

/** Runs `work` in a process that is killed before its `step`th call to change the disk: that one never returns. */
async function diesAt(step: number, disk: Disk, work: (dying: Disk) => Promise<void>): Promise<void> {
  const killed = Promise.withResolvers<void>();
  let calls = 0;
  const dies = <Args extends unknown[], T>(call: (...args: Args) => Promise<T>): ((...args: Args) => Promise<T>) => {
    return (...args) => {
      if (calls++ < step) return call(...args);
      killed.resolve();
      return new Promise<T>(() => {});
    };
  };
  const dyingFile = (file: DiskFile): DiskFile => ({ ...file, write: dies(file.write), sync: dies(file.sync) });
  const dying: Disk = {
    ...disk,
    open: async (path, options) => dyingFile(await disk.open(path, options)),
    syncDirectory: dies(disk.syncDirectory),
  };
  await Promise.race([work(dying), killed.promise]);
}
