/** A callback waiting for its instant. */
export interface Pending {
  readonly dueMs: number;
  /** breaks ties: what was asked for first fires first */
  readonly order: number;
  /** undefined once fired or cancelled */
  callback: (() => void) | undefined;
}

/** Cancelled entries kept before the queue is swept, so that short-lived timeouts do not pile up until they are due. */
const CANCELLED_MAX = 1_024;

/** Callbacks by instant, earliest first: a binary heap in which cancelling is free. */
export class TimerQueue {
  #heap: Pending[] = [];
  #order = 0;
  #cancelled = 0;

  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  add(dueMs: number, callback: () => void): Pending {
    const pending: Pending = { dueMs, order: this.#order++, callback };
    this.#heap.push(pending);
    this.#up(this.#heap.length - 1);
    return pending;
  }

  cancel(pending: Pending): void {
    if (pending.callback === undefined) return;
    pending.callback = undefined;
    this.#cancelled++;
    if (this.#cancelled > CANCELLED_MAX && this.#cancelled * 2 > this.#heap.length) this.#sweep();
  }

  /** The instant of the earliest callback, or undefined when none waits. */
  nextMs(): number | undefined {
    while (this.#heap.length > 0 && this.#heap[0]?.callback === undefined) this.#pop();
    return this.#heap[0]?.dueMs;
  }

  /** Takes the earliest callback out. */
  take(): (() => void) | undefined {
    if (this.nextMs() === undefined) return undefined;
    const pending = this.#pop();
    const callback = pending?.callback;
    if (pending !== undefined) pending.callback = undefined;
    return callback;
  }

  #pop(): Pending | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first !== undefined && last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#down(0);
    }
    if (first?.callback === undefined) this.#cancelled--;
    return first;
  }

  #sweep(): void {
    this.#heap = this.#heap.filter((pending) => pending.callback !== undefined).toSorted(byInstant);
    this.#cancelled = 0;
  }

  #up(from: number): void {
    const heap = this.#heap;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (byInstant(heap[at] as Pending, heap[parent] as Pending) >= 0) return;
      [heap[at], heap[parent]] = [heap[parent] as Pending, heap[at] as Pending];
      at = parent;
    }
  }

  #down(from: number): void {
    const heap = this.#heap;
    let at = from;
    for (;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && byInstant(heap[child] as Pending, heap[least] as Pending) < 0) least = child;
      }
      if (least === at) return;
      [heap[at], heap[least]] = [heap[least] as Pending, heap[at] as Pending];
      at = least;
    }
  }
}

function byInstant(a: Pending, b: Pending): number {
  return a.dueMs - b.dueMs || a.order - b.order;
}
