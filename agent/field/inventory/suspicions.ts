/** Sightings further apart than this say nothing about each other. */
const TOGETHER_MS = 600_000;
/** Distinct suspicions at a time; the oldest goes first. Noise makes one in days. */
const SUSPICIONS_MAX = 256;

/** What was seen once may be noise that happens to have a right checksum; what is seen again is not. */
export class Suspicions {
  readonly #seen = new Map<string, { count: number; lastMs: number }>();

  /** True from the sighting on that makes it `enough` of them, close together. */
  confirmed(key: string, enough: number, nowMs: number): boolean {
    const before = this.#seen.get(key);
    const count = before !== undefined && nowMs - before.lastMs <= TOGETHER_MS ? before.count + 1 : 1;
    this.#seen.delete(key);
    if (this.#seen.size >= SUSPICIONS_MAX) {
      for (const oldest of this.#seen.keys()) {
        this.#seen.delete(oldest);
        break;
      }
    }
    this.#seen.set(key, { count, lastMs: nowMs });
    return count >= enough;
  }

  get none(): boolean {
    return this.#seen.size === 0;
  }

  forget(key: string): void {
    this.#seen.delete(key);
  }
}
