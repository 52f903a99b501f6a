import type { PointRef } from "../../config/snapshot/expression.ts";
import type { DerivedSnapshot } from "../../config/snapshot/logic.ts";
import type { PointBook } from "../points/book.ts";

/**
 * How long after a start, or another configuration, a point may wait for its first reading. A first poll is put off for
 * much less; what was not read by then, on a full line with dead devices, is as good as unreadable.
 */
export const FIRST_READING_MS_MAX = 30_000;

/** Which points were read at least once: nothing is said about the plant by what nobody has asked yet. */
export class FirstReadings {
  readonly #book: PointBook;
  /** what each derived point reads */
  readonly #inputs: ReadonlyMap<PointRef, readonly PointRef[]>;
  readonly #bornMs: number;
  readonly #in = new Set<PointRef>();
  /** since when the inputs of a derived point are in, monotonic: what was reckoned before was reckoned without them */
  readonly #inputsInMs = new Map<PointRef, number>();

  constructor(book: PointBook, derived: DerivedSnapshot | undefined, nowMs: number) {
    this.#book = book;
    this.#bornMs = nowMs;
    const { device, points = [] } = derived ?? {};
    this.#inputs = new Map(points.map(({ name, expression }) => [`${device}/${name}`, expression.points]));
    // what goes on through a change of the configuration is not waited for again
    for (const ref of this.#inputs.keys()) this.#isIn(ref, nowMs);
  }

  /** Whether all of them were read, or were waited for long enough. */
  areIn(refs: readonly PointRef[], nowMs: number): boolean {
    return nowMs - this.#bornMs >= FIRST_READING_MS_MAX || refs.every((ref) => this.#isIn(ref, nowMs));
  }

  #isIn(ref: PointRef, nowMs: number): boolean {
    if (this.#in.has(ref)) return true;
    const point = this.#book.find(ref);
    const inputs = this.#inputs.get(ref);
    if (inputs?.every((input) => this.#isIn(input, nowMs)) === false) return false;
    if (point !== undefined && point.takenAtMs <= this.#sinceMs(ref, inputs, nowMs)) return false;
    this.#in.add(ref);
    return true;
  }

  #sinceMs(ref: PointRef, inputs: readonly PointRef[] | undefined, nowMs: number): number {
    if (inputs === undefined || nowMs === this.#bornMs) return Number.NEGATIVE_INFINITY;
    const sinceMs = this.#inputsInMs.get(ref) ?? nowMs;
    this.#inputsInMs.set(ref, sinceMs);
    return sinceMs;
  }
}
