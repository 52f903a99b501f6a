import type { Clock, ClockTrust } from "../../../hal/clock.ts";
import type { DeviceSnapshot, MemberSnapshot, PointSnapshot, ScalarSnapshot } from "../../config/snapshot.ts";
import { QUALITIES, qualityCode } from "../../contract/point.ts";
import type { PointType, PointValue, QualityReason } from "../../contract/point.ts";
import type { PollPlan } from "./plan.ts";
import { changeDetector, INVALID, reader } from "./reading.ts";
import type { Changed } from "./reading.ts";
import type { Read, Reading } from "./scalar.ts";

const NEVER_READ = qualityCode("never-read");

/** Where sampled values and changes of state go. */
export interface Sink {
  /** Gives the value's sequence. */
  sampled(source: Source, point: number, value: PointValue, quality: number, timeMs: number, trust: ClockTrust): number;
  turned(source: Source, online: boolean, timeMs: number, trust: ClockTrust): void;
}

/** One field device as a source of values: the latest of each point, and which of them are worth sampling. */
export class Source {
  readonly bus: string;
  readonly snapshot: DeviceSnapshot;
  readonly points: readonly PointState[];
  /** whether the device answered last */
  online = false;
  /** readings that were no value, or a record without one of its: NaN, infinite or not text */
  invalidValues = 0;
  readonly #clock: Clock;
  readonly #sink: Sink;
  readonly #reading: Reading = { value: null, quality: NEVER_READ };

  constructor(bus: string, snapshot: DeviceSnapshot, parts: { readonly clock: Clock; readonly sink: Sink }) {
    this.bus = bus;
    this.snapshot = snapshot;
    this.points = snapshot.points.map(newPointState);
    this.#clock = parts.clock;
    this.#sink = parts.sink;
  }

  get name(): string {
    return this.snapshot.name;
  }

  /** A poll was answered: decodes its points and samples what changed. */
  read(plan: PollPlan, bytes: Buffer): void {
    const { unixMs, trust } = this.#clock.wall();
    const nowMs = this.#clock.monotonicMs();
    const reading = this.#reading;
    for (const planned of plan.points) {
      const point = this.points[planned.index] as PointState;
      point.read(bytes, planned.offset, reading);
      if (INVALID[reading.quality] === true) this.invalidValues++;
      this.#take(planned.index, point, reading.value, reading.quality, unixMs, trust, nowMs);
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

  turn(online: boolean): void {
    if (this.online === online) return;
    this.online = online;
    const { unixMs, trust } = this.#clock.wall();
    this.#sink.turned(this, online, unixMs, trust);
  }

  #mark(indices: Iterable<number>, reason: QualityReason): void {
    const { unixMs, trust } = this.#clock.wall();
    const nowMs = this.#clock.monotonicMs();
    const quality = qualityCode(reason);
    for (const index of indices) {
      const point = this.points[index] as PointState;
      if (reason === "exception") this.#take(index, point, null, quality, unixMs, trust, nowMs);
      else if (point.value !== null && point.quality !== quality) {
        this.#take(index, point, point.value, quality, unixMs, trust, nowMs);
      }
    }
  }

  #take(
    index: number,
    point: PointState,
    value: PointValue,
    quality: number,
    timeMs: number,
    trust: ClockTrust,
    nowMs: number,
  ): void {
    const { heartbeatMs } = point.snapshot;
    point.value = value;
    point.timeMs = timeMs;
    const worthIt =
      quality !== point.sampledQuality ||
      point.changed(point.sampledValue, value) ||
      (heartbeatMs > 0 && nowMs - point.sampledAtMs >= heartbeatMs);
    point.quality = quality;
    if (!worthIt) return;
    point.sampledValue = value;
    point.sampledQuality = quality;
    point.sampledAtMs = nowMs;
    point.sequence = this.#sink.sampled(this, index, value, quality, timeMs, trust);
  }
}

const STALE: ReadonlySet<number> = new Set(QUALITIES.flatMap(({ quality }, code) => (quality === "stale" ? code : [])));

export interface PointState {
  readonly snapshot: PointSnapshot;
  readonly read: Read;
  readonly changed: Changed;
  value: PointValue;
  quality: number;
  /** source time, Unix milliseconds; 0 before the first reading */
  timeMs: number;
  sampledValue: PointValue;
  sampledQuality: number;
  sampledAtMs: number;
  /** of the latest sampled value, -1 before the first */
  sequence: number;
}

function newPointState(snapshot: PointSnapshot): PointState {
  return {
    snapshot,
    read: reader(snapshot),
    changed: changeDetector(snapshot),
    value: null,
    quality: NEVER_READ,
    timeMs: 0,
    sampledValue: null,
    sampledQuality: NEVER_READ,
    sampledAtMs: 0,
    sequence: -1,
  };
}

/** What a value is once it is scaled: a scaled number is a float64. */
export function scaledType(point: ScalarSnapshot | MemberSnapshot): PointType {
  if (point.type === "bool" || point.type === "string" || (point.scale === 1 && point.offset === 0)) return point.type;
  return "float64";
}
