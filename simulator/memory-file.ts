import { HalError } from "../hal/error.ts";
import type { Choose } from "./chance.ts";

/** What a medium writes as one; a power cut may damage the one being written, whole. */
export const SECTOR_BYTES = 512;
/** Contents a sector may be found with, kept since it was last durable: the durable one and the latest. */
const VERSIONS_MAX = 8;

/** What may be found after a power cut. */
interface Doubt<T> {
  /** the durable one first, the latest last */
  readonly versions: T[];
  /** whether the next good sync settles it; after a failed one the page is clean and nothing does */
  dirty: boolean;
}

/** One file's bytes as the page cache has them, and as the medium may have them. */
export class MemoryFile {
  #bytes: Uint8Array = new Uint8Array(0);
  #size = 0;
  readonly #sectors = new Map<number, Doubt<Uint8Array>>();
  #sizes: Doubt<number> | undefined;

  get size(): number {
    return this.#size;
  }

  read(offset: number, length: number): Uint8Array {
    return this.#bytes.slice(Math.min(offset, this.#size), Math.min(offset + length, this.#size));
  }

  write(offset: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#change(offset, offset + bytes.length, () => {
      this.#reserve(offset + bytes.length);
      this.#bytes.set(bytes, offset);
    });
    if (offset + bytes.length > this.#size) this.#resize(offset + bytes.length);
  }

  truncate(size: number): void {
    if (size < this.#size) {
      const end = this.#size;
      this.#change(size, end, () => this.#bytes.fill(0, size, end));
    }
    this.#reserve(size);
    this.#resize(size);
  }

  /** @throws {HalError} `HAL_DISK_FAILED` where `fails`: the pages are clean from then on all the same */
  sync(fails: boolean): void {
    if (fails) {
      for (const sector of this.#sectors.values()) sector.dirty = false;
      if (this.#sizes !== undefined) this.#sizes.dirty = false;
      throw new HalError("HAL_DISK_FAILED", "sync failed");
    }
    for (const [index, sector] of this.#sectors) if (sector.dirty) this.#sectors.delete(index);
    if (this.#sizes?.dirty === true) this.#sizes = undefined;
  }

  /** The file as a power cut may leave it: each sector old, new, torn or garbage, for itself; the size likewise. */
  settled(choose: Choose): MemoryFile {
    const found = new MemoryFile();
    found.#size = pick(this.#sizes?.versions ?? [this.#size], choose);
    found.#bytes = new Uint8Array(Math.max(found.#size, this.#bytes.length));
    found.#bytes.set(this.#bytes);
    for (const [index, { versions }] of this.#sectors) {
      const start = index * SECTOR_BYTES;
      if (start >= found.#size) continue; // cut off anyway: one outcome, not many equal ones
      const sector = found.#bytes.subarray(start, start + SECTOR_BYTES);
      sector.set(damaged(versions, choose).subarray(0, sector.length));
    }
    found.#bytes.fill(0, found.#size);
    return found;
  }

  #change(start: number, end: number, apply: () => void): void {
    const first = Math.floor(start / SECTOR_BYTES);
    const last = Math.floor((end - 1) / SECTOR_BYTES);
    for (let index = first; index <= last; index++) {
      const sector = this.#sectors.get(index) ?? { versions: [this.#sector(index)], dirty: true };
      sector.dirty = true;
      this.#sectors.set(index, sector);
    }
    apply();
    for (let index = first; index <= last; index++) {
      remember(this.#sectors.get(index)?.versions ?? [], this.#sector(index));
    }
  }

  #resize(size: number): void {
    this.#sizes ??= { versions: [this.#size], dirty: true };
    this.#sizes.dirty = true;
    remember(this.#sizes.versions, size);
    this.#size = size;
  }

  #sector(index: number): Uint8Array {
    const sector = new Uint8Array(SECTOR_BYTES);
    sector.set(this.#bytes.subarray(index * SECTOR_BYTES, (index + 1) * SECTOR_BYTES));
    return sector;
  }

  #reserve(size: number): void {
    if (size <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(size, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

function remember<T>(versions: T[], latest: T): void {
  versions.push(latest);
  if (versions.length > VERSIONS_MAX) versions.splice(1, 1);
}

function pick<T>(versions: readonly T[], choose: Choose): T {
  return versions[choose(versions.length)] as T;
}

/** One of the versions, the start of one and the rest of the one before it, or nothing that was ever written. */
function damaged(versions: readonly Uint8Array[], choose: Choose): Uint8Array {
  const outcome = choose(2 * versions.length);
  const whole = versions[outcome];
  if (whole !== undefined) return whole;
  const later = outcome - versions.length;
  const torn = (versions[later] as Uint8Array).slice();
  const older = versions[later - 1];
  if (older === undefined) return torn.map((byte, at) => byte ^ (0x5a + at));
  torn.set(older.subarray(SECTOR_BYTES / 2), SECTOR_BYTES / 2);
  return torn;
}
