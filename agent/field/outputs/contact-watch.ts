import type { PointRef } from "../../config/snapshot/expression.ts";

/** How long the uplink has been without a broker. A process of it that is not there has none, either. */
export class ContactWatch {
  /** monotonic; undefined while there is contact */
  #lostMs: number | undefined;
  /** outputs that went to their step since contact was lost: once is enough, so that a release lasts */
  readonly #gone = new Set<PointRef>();

  constructor(nowMs: number) {
    this.#lostMs = nowMs;
  }

  /** @returns whether there is contact again */
  contact(online: boolean, nowMs: number): boolean {
    const again = online && this.#lostMs !== undefined;
    this.#lostMs = online ? undefined : (this.#lostMs ?? nowMs);
    if (again) this.#gone.clear();
    return again;
  }

  /** Those whose patience, in milliseconds, has just come to its end. */
  overdue(patience: ReadonlyMap<PointRef, number>, nowMs: number): readonly PointRef[] {
    const lostForMs = this.#lostMs === undefined ? 0 : nowMs - this.#lostMs;
    const overdue = [...patience].flatMap(([ref, ms]) => (lostForMs >= ms && !this.#gone.has(ref) ? [ref] : []));
    for (const ref of overdue) this.#gone.add(ref);
    return overdue;
  }
}
