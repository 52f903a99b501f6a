import type { Disk } from "../../hal/disk.ts";
import type { Entropy } from "../../hal/entropy.ts";
import { openCell } from "../../hal/storage/cell.ts";
import type { Log } from "../contract/log.ts";

const CHANCE_BYTES = 8;

/**
 * Names this start of `field`: a count that grows with each, and chance, so that two never share a name even where the
 * disk forgot or refused the count. Sequences begin at 0 under each name.
 */
export async function newBootId(disk: Disk, entropy: Entropy, log: Log): Promise<string> {
  const chance = Buffer.from(entropy.bytes(CHANCE_BYTES)).toString("hex");
  try {
    const cell = openCell(disk, "boot");
    const stored = await cell.read();
    const before = stored === undefined ? 0 : Number.parseInt(Buffer.from(stored).toString("latin1"), 10);
    const count = (Number.isSafeInteger(before) && before >= 0 ? before : 0) + 1;
    await cell.replace(Buffer.from(String(count)));
    return `${count}-${chance}`;
  } catch (error) {
    log.warn("boot.count-not-stored", { message: error instanceof Error ? error.message : String(error) });
    return `0-${chance}`;
  }
}
