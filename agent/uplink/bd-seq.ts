import { openCell } from "../../hal/storage/cell.ts";
import type { Disk } from "../../hal/disk.ts";

const BD_SEQ_VALUES = 256;

/**
 * The number that ties a death to its birth: one for each CONNECT, stored before it is used, so that a Will of an
 * earlier connection never kills a later birth. A number that does not read begins again at 0.
 * @see Sparkplug B 3.0 §5.4 (bdSeq)
 */
export function bdSeqCounter(disk: Disk): { next(): Promise<number> } {
  const cell = openCell(disk, "bdseq");
  let last: number | undefined;
  return {
    async next() {
      const before = last ?? stored(await cell.read());
      const next = (before + 1) % BD_SEQ_VALUES;
      await cell.replace(Uint8Array.of(next));
      last = next;
      return next;
    },
  };
}

/** Before the first there was the one before 0. */
function stored(bytes: Uint8Array | undefined): number {
  return bytes?.length === 1 ? (bytes[0] as number) : BD_SEQ_VALUES - 1;
}
