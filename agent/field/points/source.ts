import type { Clock, ClockTrust } from "../../../hal/clock.ts";
import { qualityCode } from "../../contract/point.ts";
import type { PointValue } from "../../contract/point.ts";
import type { RosterPoint } from "../../contract/telemetry.ts";
import type { Changed } from "./reading.ts";

const NEVER_READ = qualityCode("never-read");

/** Where sampled values and changes of state go. */
export interface Sink {
  /** Gives the value's sequence. */
  sampled(source: Source, point: number, value: PointValue, quality: number, timeMs: number, trust: ClockTrust): number;
  turned(source: Source, online: boolean, timeMs: number, trust: ClockTrust): void;
}

export interface SourceParts {
  readonly clock: Clock;
  readonly sink: Sink;
}

/** What a birth says of a point beside its value. */
export type PointFacts = Omit<RosterPoint, "value" | "quality" | "timeMs">;

/** How a point is sampled. */
export interface PointKind {
  readonly facts: PointFacts;
  readonly changed: Changed;
  /** sampled at least this often even without a change; 0: only on change */
  readonly heartbeatMs: number;
}

export interface PointState extends PointKind {
  value: PointValue;
  /** index into QUALITIES */
  quality: number;
  /** source time, Unix milliseconds; 0 before the first reading */
  timeMs: number;
  /** monotonic time of the latest reading, whatever it gave; -Infinity before the first */
  takenAtMs: number;
  sampledValue: PointValue;
  sampledQuality: number;
  sampledAtMs: number;
  /** of the latest sampled value, -1 before the first */
  sequence: number;
}

/** A field device, or a part of the gateway itself, as a source of values: the latest of each point, and which are worth sampling. */
export class Source {
  /** of the bus that it is on; of what is on none, what it is */
  readonly bus: string;
  readonly name: string;
  readonly points: readonly PointState[];
  /** whether it answered last */
  online = false;
  protected readonly clock: Clock;
  readonly #sink: Sink;

  constructor(bus: string, name: string, kinds: readonly PointKind[], parts: SourceParts) {
    this.bus = bus;
    this.name = name;
    this.points = kinds.map(newPointState);
    this.clock = parts.clock;
    this.#sink = parts.sink;
  }

  /** One value of one point, now. */
  take(index: number, value: PointValue, quality: number): void {
    const { unixMs, trust } = this.clock.wall();
    this.takeAt(index, value, quality, unixMs, trust, this.clock.monotonicMs());
  }

  turn(online: boolean): void {
    if (this.online === online) return;
    this.online = online;
    const { unixMs, trust } = this.clock.wall();
    this.#sink.turned(this, online, unixMs, trust);
  }

  protected takeAt(
    index: number,
    value: PointValue,
    quality: number,
    timeMs: number,
    trust: ClockTrust,
    nowMs: number,
  ): void {
    const point = this.points[index] as PointState;
    const { heartbeatMs } = point;
    point.value = value;
    point.timeMs = timeMs;
    point.takenAtMs = nowMs;
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

function newPointState(kind: PointKind): PointState {
  return {
    ...kind,
    value: null,
    quality: NEVER_READ,
    timeMs: 0,
    takenAtMs: Number.NEGATIVE_INFINITY,
    sampledValue: null,
    sampledQuality: NEVER_READ,
    sampledAtMs: 0,
    sequence: -1,
  };
}
