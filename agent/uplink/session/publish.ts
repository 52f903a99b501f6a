import { BATCH_VALUES_MAX } from "../../contract/telemetry.ts";
import type { Batch } from "../../contract/telemetry.ts";
import { DataEncoder, EMPTY_DATA_BYTES_MAX } from "../sparkplug/data-encoder.ts";
import { deviceTopic } from "../sparkplug/topic.ts";
import type { EdgeNodeId } from "../sparkplug/topic.ts";
import { pointScalar } from "../sparkplug/value.ts";
import type { EdgeNode } from "./edge-node.ts";
import type { GapReason } from "./gaps.ts";
import type { Point, Source, Values } from "./source.ts";
import { payloadBytesMax } from "./wire.ts";

const GOOD = 0;

export interface Published {
  readonly messages: number;
  /** some value was older than the births */
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
  #messages = 0;
  #historical = false;

  constructor(node: EdgeNode, lose: (source: Source, sequence: number, reason: GapReason) => void) {
    this.#node = node;
    this.#lose = lose;
  }

  /**
   * Publishes what is pending of a source that is born; afterwards it waits for its mark.
   * A value whose point is gone, or which no packet can hold, is handed to `lose` instead.
   */
  values(id: EdgeNodeId, source: Source, nowMs: number): Published {
    this.#turnTo(id, source);
    let byName: Map<string, Point> | undefined;
    for (const entry of source.pending) {
      const same = entry.layout === source.points;
      if (!same) byName ??= new Map(source.points.map((point) => [point.name, point]));
      for (let i = 0; i < entry.batch.points.length; i++) {
        this.#value(source, entry, i, same ? undefined : byName, nowMs);
      }
    }
    this.#flush();
    for (const entry of source.pending) source.unacknowledged.push(entry);
    source.pending = [];
    return { messages: this.#messages, historical: this.#historical };
  }

  /**
   * What hosts take for current is older than what went out as history: says the newest values again, as they are now.
   * No sequence metric, since these are not new samples.
   */
  current(id: EdgeNodeId, source: Source, nowMs: number): Published {
    this.#turnTo(id, source);
    for (const point of source.points) {
      if (!point.behind) continue;
      const value = pointScalar(point.type, point.value);
      const bytes = DataEncoder.valueBytesMax(point.aliasField, point.quality, value);
      if (this.#open && this.#encoder.bytesMax + bytes > this.#bytesMax) this.#flush();
      if (!this.#open) this.#encoder.begin(nowMs);
      this.#open = true;
      this.#encoder.value(point.type, point.aliasField, value, point.timeMs, point.quality, false);
      show(point, point.timeMs, point.quality);
    }
    this.#flush();
    source.behind = false;
    return { messages: this.#messages, historical: false };
  }

  #value(
    source: Source,
    { batch, layout }: Values,
    i: number,
    byName: ReadonlyMap<string, Point> | undefined,
    nowMs: number,
  ): void {
    const sequence = batch.first + i;
    const declared = layout[batch.points[i] as number] as Point;
    const point = byName === undefined ? declared : byName.get(declared.name);
    if (point === undefined || point.type !== declared.type) {
      this.#lose(source, sequence, "configuration-changed");
      return;
    }
    const value = pointScalar(point.type, batch.values[i] ?? null);
    const timeMs = batch.times[i] as number;
    const offered = batch.qualities[i] as number;
    const quality = offered === GOOD && point.shownQuality === GOOD ? undefined : offered;
    const bytes = DataEncoder.valueBytesMax(point.aliasField, quality, value);
    if (EMPTY_DATA_BYTES_MAX + bytes > this.#bytesMax) {
      this.#lose(source, sequence, "too-large");
      return;
    }
    if (this.#open) {
      const fits = this.#encoder.bytesMax + bytes <= this.#bytesMax && this.#values < BATCH_VALUES_MAX;
      if (!fits || sequence !== this.#next || batch.trust !== this.#trust) this.#flush();
    }
    if (!this.#open) this.#begin(source, sequence, batch.trust, nowMs);
    const historical = timeMs < this.#node.bornMs;
    this.#encoder.value(point.type, point.aliasField, value, timeMs, quality, historical);
    this.#values += 1;
    this.#next = sequence + 1;
    if (!historical) show(point, timeMs, offered);
    else {
      this.#historical = true;
      if (timeMs > point.shownMs) {
        point.behind = true;
        source.behind = true;
      }
    }
  }

  #turnTo(id: EdgeNodeId, source: Source): void {
    this.#topic = deviceTopic(id, "DDATA", source.name);
    this.#bytesMax = payloadBytesMax(this.#node.wire, this.#topic);
    this.#messages = 0;
    this.#historical = false;
  }

  #begin(source: Source, first: number, trust: Batch["trust"], nowMs: number): void {
    this.#encoder.begin(nowMs);
    this.#encoder.annotation(source.sequenceAlias, nowMs, first);
    if (trust !== source.shownTrust) {
      this.#encoder.annotation(source.trustAlias, nowMs, trust);
      source.shownTrust = trust;
    }
    this.#trust = trust;
    this.#values = 0;
    this.#open = true;
  }

  #flush(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#node.wire.publish(this.#topic, this.#encoder.finish(this.#node.nextSeq()), "live");
    this.#messages += 1;
  }
}

function show(point: Point, timeMs: number, quality: number): void {
  point.shownMs = timeMs;
  point.shownQuality = quality;
  point.behind = false;
}
