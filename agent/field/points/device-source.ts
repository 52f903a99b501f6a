import type { DeviceSnapshot } from "../../config/snapshot.ts";
import { QUALITIES, qualityCode } from "../../contract/point.ts";
import type { QualityReason } from "../../contract/point.ts";
import { pointFacts } from "./facts.ts";
import type { PollPlan } from "../../config/requests/plan.ts";
import { changeDetector, INVALID, reader } from "./reading.ts";
import type { Read, Reading } from "./scalar.ts";
import { Source } from "./source.ts";
import type { PointState, SourceParts } from "./source.ts";

/** One unit on a bus as a source of values. */
export class DeviceSource extends Source {
  readonly snapshot: DeviceSnapshot;
  /** readings that were no value, or a record without one of its: NaN, infinite or not text */
  invalidValues = 0;
  readonly #reads: readonly Read[];
  readonly #reading: Reading = { value: null, quality: qualityCode("never-read") };

  constructor(bus: string, snapshot: DeviceSnapshot, parts: SourceParts) {
    const kinds = snapshot.points.map((point) => ({
      facts: pointFacts(point),
      changed: changeDetector(point),
      heartbeatMs: point.heartbeatMs,
    }));
    super(bus, snapshot.name, kinds, parts);
    this.snapshot = snapshot;
    this.#reads = snapshot.points.map(reader);
  }

  /** A poll was answered: decodes its points and samples what changed. */
  read(plan: PollPlan, bytes: Buffer): void {
    const { unixMs, trust } = this.clock.wall();
    const nowMs = this.clock.monotonicMs();
    const reading = this.#reading;
    for (const { index, offset } of plan.points) {
      (this.#reads[index] as Read)(bytes, offset, reading);
      if (INVALID[reading.quality] === true) this.invalidValues++;
      this.takeAt(index, reading.value, reading.quality, unixMs, trust, nowMs);
    }
  }

  /** A poll gave no values. Without a value there is none to be stale, so `stale` leaves such a point as it is. */
  failed(plan: PollPlan, reason: "exception" | "no-reply" | "bad-frame"): void {
    this.#mark(
      plan.points.map((point) => point.index),
      reason,
    );
  }

  /** None of its points can be read. */
  failedAll(reason: "no-reply" | "bus-down" | "bad-frame"): void {
    this.#mark(this.points.keys(), reason);
  }

  /** Whether any value of a poll outlived its time. */
  isStale(plan: PollPlan): boolean {
    return plan.points.some(({ index }) => STALE.has((this.points[index] as PointState).quality));
  }

  #mark(indices: Iterable<number>, reason: QualityReason): void {
    const { unixMs, trust } = this.clock.wall();
    const nowMs = this.clock.monotonicMs();
    const quality = qualityCode(reason);
    for (const index of indices) {
      const point = this.points[index] as PointState;
      if (reason === "exception") this.takeAt(index, null, quality, unixMs, trust, nowMs);
      else if (point.value !== null && point.quality !== quality) {
        this.takeAt(index, point.value, quality, unixMs, trust, nowMs);
      }
    }
  }
}

const STALE: ReadonlySet<number> = new Set(QUALITIES.flatMap(({ quality }, code) => (quality === "stale" ? code : [])));
