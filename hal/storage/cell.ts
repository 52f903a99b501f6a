import type { Disk } from "../disk.ts";
import { HalError } from "../error.ts";
import { CELL_BYTES_MAX } from "./cell-slot.ts";
import { cellSlots } from "./cell-slots.ts";
import type { CellSlots } from "./cell-slots.ts";

export { CELL_BYTES_MAX };

/**
 * Small state replaced as one: after a power cut at any instant a cell reads as the old state or the new, never torn,
 * never neither. Once `replace` has resolved it is the new one.
 */
export interface Cell {
  /**
   * The latest whole state, or undefined where none was ever written or none is whole.
   * @throws {HalError} `HAL_FILE_REFUSED`, `HAL_DISK_FAILED`: there may be one, and it cannot be read
   */
  read(): Promise<Uint8Array | undefined>;
  /** Calls are taken one after another. @throws {HalError} `HAL_CELL_SIZE`, `HAL_DISK_FULL`, `HAL_DISK_FAILED`: the old state stays */
  replace(state: Uint8Array): Promise<void>;
}

/**
 * Slot files `name.a` and `name.b` in turn: the one that holds the latest state is never written to, so no power cut
 * can reach a sector of it. `name.c` serves while it is doubtful which of the two the medium holds.
 * @param name kebab-case; the cell owns every file in the disk's root whose name starts with it and a dot
 */
export function openCell(disk: Disk, name: string): Cell {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) throw new RangeError(`not a kebab-case name: ${name}`);
  const slots = cellSlots(disk, name);
  let latest: Latest | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work);
    queue = result.catch(() => {});
    return result;
  };

  return {
    read: () =>
      inTurn(async () => {
        latest ??= await findLatest(slots);
        if (latest.file === undefined) return undefined;
        const slot = await slots.read(latest.file);
        if (slot !== "damaged" && slot?.generation === latest.generation) return slot.state;
        // It was whole when we last looked: what another one holds, if anything, is the best there is now.
        latest = await findLatest(slots);
        const other = latest.file === undefined ? undefined : await slots.read(latest.file);
        return other === "damaged" ? undefined : other?.state;
      }),
    replace: (state) =>
      inTurn(async () => {
        if (state.length > CELL_BYTES_MAX) {
          throw new HalError("HAL_CELL_SIZE", `${name}: ${state.length} bytes, at most ${CELL_BYTES_MAX}`);
        }
        const before = latest ?? (await findLatest(slots));
        const generation = before.highest + 1n;
        // A number is used once: the medium may keep a refused attempt, and two states must not share one.
        latest = { ...before, highest: generation };
        const file = slots.files.find((one) => !before.keep.includes(one)) as string;
        await slots.write(file, { generation, state });
        latest = { file, generation, highest: generation, keep: [file] };
      }),
  };
}

interface Latest {
  /** undefined where there is no state yet */
  readonly file: string | undefined;
  readonly generation: bigint;
  /** the highest generation ever tried */
  readonly highest: bigint;
  /** files the next state must not go to */
  readonly keep: readonly string[];
}

/**
 * What is found may be what a process wrote just before it was killed, whole in memory and not on the medium. Before
 * anyone relies on it, and before another slot is given up, it is made durable; where that fails, both are kept.
 */
async function findLatest(slots: CellSlots): Promise<Latest> {
  const found: { file: string; generation: bigint }[] = [];
  let damaged: string | undefined;
  for (const file of slots.files) {
    const slot = await slots.read(file);
    if (slot === "damaged") damaged = file;
    else if (slot !== undefined) found.push({ file, generation: slot.generation });
  }
  const [best, older] = found.toSorted((a, b) => (a.generation < b.generation ? 1 : -1));
  if (best === undefined) {
    if (damaged !== undefined) throw new HalError("HAL_DISK_FAILED", `${damaged} cannot be read`);
    return { file: undefined, generation: 0n, highest: 0n, keep: [] };
  }
  const durable = await slots.makeDurable(best.file).then(
    () => true,
    () => false,
  );
  const keep = durable || older === undefined ? [best.file] : [best.file, older.file];
  return { ...best, highest: best.generation, keep };
}
