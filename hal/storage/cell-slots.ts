import type { Disk, DiskFile } from "../disk.ts";
import { HalError } from "../error.ts";
import { decodeSlot, encodeSlot, SLOT_BYTES_MAX } from "./cell-slot.ts";
import type { Slot } from "./cell-slot.ts";

/** The slot files of one cell. */
export interface CellSlots {
  readonly files: readonly string[];
  /** Undefined for a file that is missing or holds no whole state, `damaged` for one the medium does not give back. */
  read(file: string): Promise<Slot | "damaged" | undefined>;
  /** Resolves once the slot is durable under its name. */
  write(file: string, slot: Slot): Promise<void>;
  /** Resolves once what is in the file, and its name, are durable. */
  makeDurable(file: string): Promise<void>;
}

export function cellSlots(disk: Disk, name: string): CellSlots {
  /** names this process has made durable: syncing the folder once for each is enough */
  const named = new Set<string>();
  /** files a sync failed for: whatever of them is taken for written may not be, their size included */
  const doubtful = new Set<string>();

  const makeDurable = async (file: string, slot: DiskFile): Promise<void> => {
    doubtful.add(file);
    await slot.sync();
    doubtful.delete(file);
    if (named.has(file)) return;
    await disk.syncDirectory("");
    named.add(file);
  };

  return {
    files: [`${name}.a`, `${name}.b`, `${name}.c`],
    async read(file) {
      try {
        await using slot = await disk.open(file, { create: false });
        const size = await slot.size();
        return decodeSlot(await slot.read(0, Math.min(size, SLOT_BYTES_MAX)));
      } catch (error) {
        if (error instanceof HalError && error.code === "HAL_FILE_MISSING") return undefined;
        if (error instanceof HalError && error.code === "HAL_DISK_FAILED") return "damaged";
        throw error;
      }
    },
    async write(file, slot) {
      await using target = await disk.open(file, { create: true });
      try {
        if (doubtful.has(file)) await target.truncate(0);
        await target.write(0, encodeSlot(slot));
        await makeDurable(file, target);
      } catch (error) {
        // The refused state may stand whole in the page cache, marked clean and not on the medium. The next process
        // to open this cell must not find it there and take it for the latest.
        await target.truncate(0).catch(() => {});
        await target.sync().catch(() => {});
        throw error;
      }
    },
    async makeDurable(file) {
      await using slot = await disk.open(file, { create: false });
      await makeDurable(file, slot);
    },
  };
}
