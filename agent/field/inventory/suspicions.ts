import type { Instant } from "./findings.ts";

/** Sightings further apart than this say nothing about each other. */
const TOGETHER_MS = 600_000;
/** Distinct suspicions at a time; the oldest goes first. Noise makes one in days. */
const SUSPICIONS_MAX = 256;

/** What a device does while it starts up is over by then: only what lasts longer is how it is now. */
export const LASTING_MS = 60_000;

/** What was seen once may be noise that happens to have a right checksum; what is seen again is not. */
export class Suspicions {
  readonly #seen = new Map<string, { count: number; firstMs: number; lastMs: number }>();

  /**
   * True from the sighting on that makes it `enough` of them, close together.
   * @param lastingMs and at least so long after the first
   */
  confirmed(key: string, enough: number, nowMs: number, lastingMs = 0): boolean {
    const known = this.#seen.get(key);
    const before = known !== undefined && nowMs - known.lastMs <= TOGETHER_MS ? known : { count: 0, firstMs: nowMs };
    const count = before.count + 1;
    this.#seen.delete(key);
    if (this.#seen.size >= SUSPICIONS_MAX) {
      for (const oldest of this.#seen.keys()) {
        this.#seen.delete(oldest);
        break;
      }
    }
    this.#seen.set(key, { count, firstMs: before.firstMs, lastMs: nowMs });
    return count >= enough && nowMs - before.firstMs >= lastingMs;
  }

  /** When it was seen first, of those sightings that belong together, on the wall's clock. */
  since(key: string, now: Instant): Instant {
    const firstMs = this.#seen.get(key)?.firstMs ?? now.monotonicMs;
    return { ...now, unixMs: now.unixMs - (now.monotonicMs - firstMs) };
  }

  get none(): boolean {
    return this.#seen.size === 0;
  }

  forget(key: string): void {
    this.#seen.delete(key);
  }
}
