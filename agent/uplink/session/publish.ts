import { BATCH_VALUES_MAX } from "../../contract/telemetry.ts";
import type { Batch } from "../../contract/telemetry.ts";
import { DataEncoder, EMPTY_DATA_BYTES_MAX } from "../sparkplug/data-encoder.ts";
import { deviceTopic } from "../sparkplug/topic.ts";
import type { EdgeNodeId } from "../sparkplug/topic.ts";
import type { EdgeNode } from "./edge-node.ts";
import type { GapReason } from "./gaps.ts";
import { LIVE_MS_MAX } from "./limits.ts";
import type { Covered } from "./marks.ts";
import { lastSequence } from "./source.ts";
import { sameType } from "./point-type.ts";
import { dataValue } from "./point-value.ts";
import type { Point, Source, Values } from "./source.ts";
import { splitAt } from "./split.ts";
import { payloadBytesMax } from "./wire.ts";

const GOOD = 0;

/** What a telemetry value is on the wire: said as it happens, or later. */
type ValueClass = "live" | "history";

export interface Published {
  readonly messages: number;
  /** sequences that were published or lost; undefined where nothing moved */
  readonly covered: Covered | undefined;
  /** the class of the first value that may not go now; undefined where everything went */
  readonly held: ValueClass | undefined;
  /** some value went as history */
  readonly historical: boolean;
}

/** Turns the pending values of a source into as few DDATA messages as sequence, clock trust and packet size allow. */
export class Publisher {
  readonly #encoder = new DataEncoder();
  readonly #lose: (source: Source, sequence: number, reason: GapReason) => void;
  readonly #node: EdgeNode;
  #topic = "";
  #bytesMax = 0;
  #open = false;
  #next = 0;
  #values = 0;
  #trust: Batch["trust"] = "untrusted";
  #timeMs = 0;
  #traffic: ValueClass = "live";
  #messages = 0;
  #historical = false;

  constructor(node: EdgeNode, lose: (source: Source, sequence: number, reason: GapReason) => void) {
    this.#node = node;
    this.#lose = lose;
  }

  /**
   * Publishes what is pending of a source that is born, in its order, as far as the wire allows; afterwards it waits
   * for its mark. A value whose point is gone, or which no packet can hold, is handed to `lose` instead.
   */
  values(id: EdgeNodeId, source: Source, nowMs: number): Published {
    this.#turnTo(id, source);
    const from = source.pending[0]?.batch.first ?? 0;
    let held: ValueClass | undefined;
    let byName: Map<string, Point> | undefined;
    let entries = 0;
    for (; entries < source.pending.length && held === undefined; entries++) {
      const entry = source.pending[entries] as Values;
      const same = entry.layout === source.points;
      if (!same) byName ??= new Map(source.points.map((point) => [point.name, point]));
      for (let i = 0; i < entry.batch.points.length && held === undefined; i++) {
        held = this.#value(source, entry, i, same ? undefined : byName, nowMs);
        if (held === undefined) continue;
        const [gone, left] = splitAt(entry, i);
        source.pending.splice(entries, 1, ...gone, ...left);
        entries += gone.length - 1;
      }
    }
    this.#flush();
    const moved = source.pending.splice(0, entries);
    for (const entry of moved) source.unacknowledged.push(entry);
    const last = moved.at(-1);
    const covered = last === undefined ? undefined : { from, to: lastSequence(last) };
    return { messages: this.#messages, covered, held, historical: this.#historical };
  }

  /** The class of the next pending value: what must be allowed for anything of this source to go. */
  next(source: Source, nowMs: number): ValueClass | undefined {
    const entry = source.pending[0];
    if (entry === undefined) return undefined;
    const { batch, layout } = entry;
    return this.#isHistory(layout[batch.points[0] as number], batch.times[0] as number, nowMs) ? "history" : "live";
  }

  /**
   * What hosts take for current is older than what is known: says the newest values again, as they are now. No sequence
   * metric, since these are not new samples; the samples themselves, where they still wait, are history from then on.
   */
  current(id: EdgeNodeId, source: Source, nowMs: number): number {
    this.#turnTo(id, source);
    for (const point of source.points.filter(({ behind }) => behind).toSorted(byTime)) {
      const value = dataValue(point, point.value, point.timeMs);
      const bytes = DataEncoder.valueBytesMax(point.aliasField, point.quality, value);
      if (this.#open && this.#encoder.bytesMax + bytes > this.#bytesMax) this.#flush();
      if (!this.#open) {
        if (!this.#node.wire.allows("live")) return this.#messages;
        this.#encoder.begin(nowMs);
        this.#traffic = "live";
        this.#open = true;
      }
      this.#encoder.value(point.type, point.aliasField, value, point.timeMs, point.quality, false);
      show(point, point.timeMs, point.quality);
      point.saidMs = point.timeMs;
    }
    this.#flush();
    source.behind = false;
    return this.#messages;
  }

  #isHistory(point: Point | undefined, timeMs: number, nowMs: number): boolean {
    return (
      timeMs < this.#node.bornMs || timeMs < nowMs - LIVE_MS_MAX || (point !== undefined && timeMs <= point.saidMs)
    );
  }

  #value(
    source: Source,
    { batch, layout }: Values,
    i: number,
    byName: ReadonlyMap<string, Point> | undefined,
    nowMs: number,
  ): ValueClass | undefined {
    const sequence = batch.first + i;
    const declared = layout[batch.points[i] as number] as Point;
    const point = byName === undefined ? declared : byName.get(declared.name);
    if (point === undefined || !sameType(point, declared)) {
      this.#lose(source, sequence, "configuration-changed");
      return undefined;
    }
    const timeMs = batch.times[i] as number;
    const value = dataValue(point, batch.values[i] ?? null, timeMs);
    const offered = batch.qualities[i] as number;
    const quality = offered === GOOD && point.shownQuality === GOOD ? undefined : offered;
    const bytes = DataEncoder.valueBytesMax(point.aliasField, quality, value);
    if (EMPTY_DATA_BYTES_MAX + bytes > this.#bytesMax) {
      this.#lose(source, sequence, "too-large");
      return undefined;
    }
    const historical = this.#isHistory(point, timeMs, nowMs);
    const traffic = historical ? "history" : "live";
    if (this.#open) {
      const fits = this.#encoder.bytesMax + bytes <= this.#bytesMax && this.#values < BATCH_VALUES_MAX;
      const follows = sequence === this.#next && batch.trust === this.#trust && timeMs >= this.#timeMs;
      if (!fits || !follows || traffic !== this.#traffic) this.#flush();
    }
    if (!this.#open) {
      if (!this.#node.wire.allows(traffic)) return traffic;
      this.#begin(source, sequence, batch.trust, traffic, timeMs, nowMs);
    }
    this.#encoder.value(point.type, point.aliasField, value, timeMs, quality, historical);
    this.#values += 1;
    this.#next = sequence + 1;
    this.#timeMs = timeMs;
    if (!historical) show(point, timeMs, offered);
    else {
      this.#historical = true;
      if (timeMs > point.shownMs) {
        point.behind = true;
        source.behind = true;
      }
    }
    return undefined;
  }

  #turnTo(id: EdgeNodeId, source: Source): void {
    this.#topic = deviceTopic(id, "DDATA", source.name);
    this.#bytesMax = payloadBytesMax(this.#node.wire, this.#topic);
    this.#messages = 0;
    this.#historical = false;
  }

  #begin(
    source: Source,
    first: number,
    trust: Batch["trust"],
    traffic: ValueClass,
    timeMs: number,
    nowMs: number,
  ): void {
    this.#encoder.begin(nowMs);
    // as old as the first value: metrics of a message are in the order of their times
    this.#encoder.annotation(source.sequenceAlias, timeMs, first);
    if (trust !== source.shownTrust) {
      this.#encoder.annotation(source.trustAlias, timeMs, trust);
      source.shownTrust = trust;
    }
    this.#trust = trust;
    this.#traffic = traffic;
    this.#timeMs = timeMs;
    this.#values = 0;
    this.#open = true;
  }

  #flush(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#node.wire.publish(this.#topic, this.#encoder.finish(this.#node.nextSeq()), this.#traffic);
    this.#messages += 1;
  }
}

const byTime = (a: Point, b: Point): number => a.timeMs - b.timeMs;

function show(point: Point, timeMs: number, quality: number): void {
  point.shownMs = timeMs;
  point.shownQuality = quality;
  point.behind = false;
}
