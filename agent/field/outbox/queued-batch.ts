import type { ClockTrust } from "../../../hal/clock.ts";
import { scalarsIn } from "../../contract/point.ts";
import type { PointValue } from "../../contract/point.ts";
import type { Batch } from "../../contract/telemetry.ts";
import { renumbering } from "./layout.ts";
import type { Layout } from "./layout.ts";

/** Values of one source in columns; value i has sequence `first + i`. */
export class QueuedBatch {
  layout: Layout;
  first: number;
  readonly trust: ClockTrust;
  points: number[] = [];
  values: PointValue[] = [];
  qualities: number[] = [];
  times: number[] = [];
  /** what it takes of the queue and of credit: more than its values where some are records */
  scalars = 0;

  constructor(layout: Layout, first: number, trust: ClockTrust) {
    this.layout = layout;
    this.first = first;
    this.trust = trust;
  }

  get length(): number {
    return this.points.length;
  }

  /** The highest sequence in it. */
  get last(): number {
    return this.first + this.points.length - 1;
  }

  add(point: number, value: PointValue, quality: number, timeMs: number): void {
    this.points.push(point);
    this.values.push(value);
    this.qualities.push(quality);
    this.times.push(timeMs);
    this.scalars += scalarsIn(value);
  }

  /** How many of the oldest values come to no more than so many scalars. */
  countWithin(scalarsMax: number): number {
    if (this.scalars <= scalarsMax) return this.length;
    if (this.scalars === this.length) return scalarsMax;
    let scalars = 0;
    let count = 0;
    for (; count < this.length; count++) {
      scalars += scalarsIn(this.values[count] as PointValue);
      if (scalars > scalarsMax) break;
    }
    return count;
  }

  /** Takes the oldest `count` values out, as a batch of their own. */
  split(count: number): QueuedBatch {
    const head = new QueuedBatch(this.layout, this.first, this.trust);
    head.points = this.points.splice(0, count);
    head.values = this.values.splice(0, count);
    head.qualities = this.qualities.splice(0, count);
    head.times = this.times.splice(0, count);
    for (const value of head.values) head.scalars += scalarsIn(value);
    this.scalars -= head.scalars;
    this.first += count;
    return head;
  }

  message(revision: number): Batch {
    const { layout, first, trust, points, values, qualities, times } = this;
    return { kind: "batch", revision, source: layout.index, first, trust, points, values, qualities, times };
  }
}

/**
 * The same values under another numbering: runs of what still exists, each a batch of its own since sequences in a batch
 * have no holes. `lost` hears of the rest.
 */
export function renumbered(
  batch: QueuedBatch,
  layout: Layout | undefined,
  lost: (from: number, to: number) => void,
): readonly QueuedBatch[] {
  const places = renumbering(batch.layout, layout);
  const runs: QueuedBatch[] = [];
  let run: QueuedBatch | undefined;
  for (let i = 0; i < batch.length; i++) {
    const place = places[batch.points[i] as number] as number;
    if (layout === undefined || place < 0) {
      lost(batch.first + i, batch.first + i);
      run = undefined;
      continue;
    }
    if (run === undefined) {
      run = new QueuedBatch(layout, batch.first + i, batch.trust);
      runs.push(run);
    }
    run.add(place, batch.values[i] as PointValue, batch.qualities[i] as number, batch.times[i] as number);
  }
  return runs;
}
