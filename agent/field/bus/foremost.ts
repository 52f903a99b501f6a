import type { Urgent } from "./urgent-queue.ts";

/** When a unit may be asked again, monotonic; not after now: at once. */
export type NotBefore = (unit: number) => number;

/** What goes before everything else on one bus, one request at a time: the steps of the plan. */
export interface Foremost {
  /**
   * What to ask now, if anything. The same object until its `done` was called; after `bus-down` it may be offered again
   * as soon as the line is open.
   */
  due(nowMs: number, notBeforeMs: NotBefore): Urgent | undefined;
  /** When {@link due} has something new to say, after now; infinity: only another call from outside changes that. */
  nextMs(nowMs: number, notBeforeMs: NotBefore): number;
  /** Nothing else may still be waiting for its answer at this time: a step is due then. Infinity where none is. */
  reservedMs(nowMs: number, notBeforeMs: NotBefore): number;
}

/** Where a bus looks for what is foremost. Empty in most gateways. */
export class ForemostPlace {
  foremost: Foremost | undefined;
}
