/** Bounds of the classes grow by this factor: no percentile is off by more. */
const GROWTH = 1.15;
const FIRST_MS = 0.5;
/** From half a millisecond to a minute, the longest timeout. */
const CLASSES = 88;
/** Then all counts are halved: what a device did lately weighs more than what it did last year. */
const COUNT_MAX = 8_192;

/** What is stored of a sketch: the counts, without the empty classes at its end. */
export type StoredSketch = readonly number[];

/** How long answers take, as a count of each class of time: bounded, however many there are. */
export class TimeSketch {
  readonly #counts = new Uint16Array(CLASSES);
  #count = 0;

  constructor(stored: StoredSketch = []) {
    for (const [i, count] of stored.slice(0, CLASSES).entries()) {
      if (!Number.isInteger(count) || count < 0 || this.#count + count > COUNT_MAX) continue;
      this.#counts[i] = count;
      this.#count += count;
    }
  }

  get count(): number {
    return this.#count;
  }

  add(ms: number): void {
    const place = Math.ceil(Math.log(Math.max(ms, FIRST_MS) / FIRST_MS) / Math.log(GROWTH));
    const at = Math.min(CLASSES - 1, place);
    this.#counts[at] = (this.#counts[at] as number) + 1;
    this.#count++;
    if (this.#count >= COUNT_MAX) this.#halve();
  }

  /** Milliseconds that a share of the answers did not exceed. @param share 0 to 1 */
  percentile(share: number): number {
    let left = share * this.#count;
    for (const [i, count] of this.#counts.entries()) {
      left -= count;
      if (left <= 0 && count > 0) return Math.round(FIRST_MS * GROWTH ** i * 10) / 10;
    }
    return 0;
  }

  stored(): StoredSketch {
    const last = this.#counts.findLastIndex((count) => count > 0);
    return [...this.#counts.subarray(0, last + 1)];
  }

  #halve(): void {
    this.#count = 0;
    for (const [i, count] of this.#counts.entries()) {
      this.#counts[i] = count >> 1;
      this.#count += count >> 1;
    }
  }
}
