import type { Disk } from "../../hal/disk.ts";
import type { Entropy } from "../../hal/entropy.ts";
import { openCell } from "../../hal/storage/cell.ts";

const BD_SEQ_VALUES = 256;

export interface BdSeq {
  readonly value: number;
  /** why it could not be stored; the telemetry does not wait for a broken disk */
  readonly notStored?: unknown;
}

/**
 * The number that ties a death to its birth: one for each CONNECT, stored before it is used, so that a Will of an
 * earlier connection never kills a later birth. What cannot be stored is still counted in memory; what cannot be read
 * begins anywhere, which the Will of an earlier connection meets once in 256.
 * @see Sparkplug B 3.0 §5.4 (bdSeq)
 */
export function bdSeqCounter(disk: Disk, entropy: Entropy): { next(): Promise<BdSeq> } {
  const cell = openCell(disk, "bdseq");
  let last: number | undefined;
  const read = async (): Promise<number> => {
    const anywhere = (entropy.bytes(1)[0] as number) % BD_SEQ_VALUES;
    return cell.read().then(stored, () => anywhere);
  };
  return {
    async next() {
      const value = ((last ?? (await read())) + 1) % BD_SEQ_VALUES;
      last = value;
      try {
        await cell.replace(Uint8Array.of(value));
        return { value };
      } catch (notStored) {
        return { value, notStored };
      }
    },
  };
}

/** Before the first there was the one before 0. */
function stored(bytes: Uint8Array | undefined): number {
  return bytes?.length === 1 ? (bytes[0] as number) : BD_SEQ_VALUES - 1;
}
