import type { Poll } from "./poll.ts";

/** Polls by due time, earliest first: a binary heap, since a bus may have thousands and every transaction moves one. */
export class PollQueue {
  readonly #heap: Poll[] = [];

  get first(): Poll | undefined {
    return this.#heap[0];
  }

  add(poll: Poll): void {
    if (poll.place >= 0) return;
    poll.place = this.#heap.length;
    this.#heap.push(poll);
    this.#rise(poll.place);
  }

  remove(poll: Poll): void {
    const place = poll.place;
    if (place < 0) return;
    const last = this.#heap.pop() as Poll;
    poll.place = -1;
    if (last === poll) return;
    this.#put(last, place);
    this.moved(last);
  }

  /** Its due time changed. */
  moved(poll: Poll): void {
    if (poll.place < 0) return;
    this.#sink(poll.place);
    this.#rise(poll.place);
  }

  #rise(from: number): void {
    let place = from;
    const poll = this.#heap[place] as Poll;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#heap[above] as Poll;
      if (parent.dueMs <= poll.dueMs) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(poll, place);
  }

  #sink(from: number): void {
    let place = from;
    const poll = this.#heap[place] as Poll;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= this.#heap.length) break;
      const right = this.#heap[below + 1];
      if (right !== undefined && right.dueMs < (this.#heap[below] as Poll).dueMs) below++;
      const child = this.#heap[below] as Poll;
      if (child.dueMs >= poll.dueMs) break;
      this.#put(child, place);
      place = below;
    }
    this.#put(poll, place);
  }

  #put(poll: Poll, place: number): void {
    this.#heap[place] = poll;
    poll.place = place;
  }
}
