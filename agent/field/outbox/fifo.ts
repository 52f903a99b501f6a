/** Entries that may be gone at the front before the array is made anew. */
const GONE_MAX = 1_024;

/** First in, first out, without moving what stays. */
export class Fifo<Entry> {
  #entries: (Entry | undefined)[] = [];
  #front = 0;

  get first(): Entry | undefined {
    return this.#entries[this.#front];
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
  }

  shift(): Entry | undefined {
    const entry = this.#entries[this.#front];
    if (entry === undefined) return undefined;
    this.#entries[this.#front++] = undefined;
    if (this.#front > GONE_MAX && this.#front * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#front);
      this.#front = 0;
    }
    return entry;
  }

  /** What each entry becomes, in order. */
  replace(become: (entry: Entry) => readonly Entry[]): void {
    const entries = this.#entries.slice(this.#front) as Entry[];
    this.#entries = entries.flatMap(become);
    this.#front = 0;
  }

  /** Everything in `earlier`, then what is here. */
  precede(earlier: Fifo<Entry>): void {
    this.#entries = [...earlier.#entries.slice(earlier.#front), ...this.#entries.slice(this.#front)];
    this.#front = 0;
    earlier.#entries = [];
    earlier.#front = 0;
  }
}
