const WINDOW_MS = 10_000;
const SLOTS = 20;
const SLOT_MS = WINDOW_MS / SLOTS;

/** How much of the last ten seconds was busy, in twenty slots that are used again and again. */
export class BusyMeter {
  readonly #startMs: number;
  readonly #busyMs = new Float64Array(SLOTS);
  readonly #slot = new Float64Array(SLOTS).fill(-1);

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  add(fromMs: number, toMs: number): void {
    let from = Math.max(fromMs, toMs - WINDOW_MS);
    while (from < toMs) {
      const slot = Math.floor(from / SLOT_MS);
      const until = Math.min(toMs, (slot + 1) * SLOT_MS);
      const at = slot % SLOTS;
      if (this.#slot[at] !== slot) this.#busyMs[at] = 0;
      this.#slot[at] = slot;
      this.#busyMs[at] = (this.#busyMs[at] as number) + (until - from);
      if (until <= from) break;
      from = until;
    }
  }

  /** 0 to 100, over ten seconds or what there has been of them. */
  percent(nowMs: number): number {
    const current = Math.floor(nowMs / SLOT_MS);
    let busy = 0;
    for (let at = 0; at < SLOTS; at++) {
      const slot = this.#slot[at] as number;
      if (slot >= current - SLOTS && slot <= current) busy += this.#busyMs[at] as number;
    }
    const windowMs = Math.min(WINDOW_MS, Math.max(SLOT_MS, nowMs - this.#startMs));
    return Math.min(100, (100 * busy) / windowMs);
  }
}
