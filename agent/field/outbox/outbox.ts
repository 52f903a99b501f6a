import type { Clock, ClockTrust, Timer } from "../../../hal/clock.ts";
import { scalarsIn } from "../../contract/point.ts";
import type { PointValue } from "../../contract/point.ts";
import type { Acknowledged, Batch, Gap } from "../../contract/telemetry.ts";
import { BATCH_VALUES_MAX } from "../../contract/telemetry.ts";
import type { Sink, Source } from "../points/source.ts";
import { Fifo } from "./fifo.ts";
import { GapLedger } from "./gap-ledger.ts";
import { layoutOf, sameNumbering } from "./layout.ts";
import type { Layout } from "./layout.ts";
import { QueuedBatch, renumbered } from "./queued-batch.ts";

/** How long values are collected into one batch: one device's poll cycle, without anybody noticing the wait. */
const COLLECT_MS = 50;
/** Values given up at once when the queue is full: enough that it is cheap, few enough that little is lost early. */
const DROP_VALUES = 64;

/** What the outbox does for whoever is connected. */
export interface OutboxListener {
  /** There may be something to send. */
  filled(): void;
  /** What exists has changed. */
  relayout(): void;
  turned(source: number, online: boolean, timeMs: number, trust: ClockTrust): void;
  close(): void;
}

interface Stream {
  readonly layout: Layout;
  /** being collected */
  open: QueuedBatch | undefined;
}

/**
 * Sampled values between the field and the uplink: bounded memory, oldest out first, every loss declared. A value stays
 * until the broker has acknowledged it; what was sent on a connection that is gone is sent again on the next.
 */
export class Outbox implements Sink {
  listener: OutboxListener | undefined;
  sampledCount = 0;
  droppedCount = 0;
  acknowledgedCount = 0;
  values = 0;
  revision = 0;
  readonly #clock: Clock;
  readonly #gaps = new GapLedger();
  /** next sequence of every source this boot has known: a name that comes back goes on counting */
  readonly #sequences = new Map<string, number>();
  #streams = new Map<Source, Stream>();
  readonly #waiting = new Fifo<QueuedBatch>();
  readonly #sent = new Fifo<QueuedBatch>();
  readonly #collecting = new Set<Stream>();
  #timer: Timer | undefined;
  #valuesMax = 0;
  /** what the limit counts: the values of a record one by one */
  #scalars = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Names of sources that count this boot. */
  get namesKnown(): ReadonlyMap<string, number> {
    return this.#sequences;
  }

  get valuesMax(): number {
    return this.#valuesMax;
  }

  set valuesMax(valuesMax: number) {
    this.#valuesMax = valuesMax;
    while (this.#scalars > valuesMax) this.#drop();
  }

  get sources(): readonly Source[] {
    return [...this.#streams.keys()];
  }

  sampled(
    source: Source,
    point: number,
    value: PointValue,
    quality: number,
    timeMs: number,
    trust: ClockTrust,
  ): number {
    const stream = this.#streams.get(source);
    if (stream === undefined) return -1;
    const sequence = this.#sequences.get(source.name) ?? 0;
    this.#sequences.set(source.name, sequence + 1);
    let batch = stream.open;
    if (batch !== undefined && (batch.trust !== trust || batch.scalars >= BATCH_VALUES_MAX)) {
      this.#close(stream);
      batch = undefined;
    }
    if (batch === undefined) {
      batch = new QueuedBatch(stream.layout, sequence, trust);
      stream.open = batch;
      this.#collecting.add(stream);
      this.#timer ??= this.#clock.after(COLLECT_MS, () => this.#onTimer());
    }
    batch.add(point, value, quality, timeMs);
    this.sampledCount++;
    this.values++;
    this.#scalars += scalarsIn(value);
    while (this.#scalars > this.#valuesMax) this.#drop();
    return sequence;
  }

  turned(source: Source, online: boolean, timeMs: number, trust: ClockTrust): void {
    const index = this.#streams.get(source)?.layout.index ?? -1;
    if (index < 0) return;
    this.collect();
    this.listener?.turned(index, online, timeMs, trust);
  }

  /** Other sources, or others' order, from now on. Values of points that are gone become gaps. */
  relayout(sources: readonly Source[]): void {
    this.collect();
    const before = new Map([...this.#streams.values()].map(({ layout }) => [layout.source, layout]));
    const streams = new Map<Source, Stream>();
    sources.forEach((source, index) => {
      const fresh = layoutOf(source, index);
      const known = before.get(source.name);
      const layout = known !== undefined && sameNumbering(known, fresh) ? known : fresh;
      streams.set(source, { layout, open: undefined });
    });
    for (const layout of before.values()) layout.index = -1;
    [...streams.values()].forEach(({ layout }, index) => {
      layout.index = index;
    });
    this.#streams = streams;
    this.revision++;
    this.#renumber();
  }

  /** Ends collecting: what there is may be sent. */
  collect(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    for (const stream of this.#collecting) this.#close(stream);
    this.#collecting.clear();
  }

  /** The next batch that takes at most `scalarsMax` of the credit, which counts as sent from here on. */
  send(scalarsMax: number): Batch | undefined {
    const first = this.#waiting.first;
    const count = first?.countWithin(scalarsMax) ?? 0;
    if (first === undefined || count <= 0) return undefined;
    const batch = count < first.length ? first.split(count) : (this.#waiting.shift() as QueuedBatch);
    this.#sent.push(batch);
    return batch.message(this.revision);
  }

  /** Gaps to be told, which count as told from here on. */
  tellGaps(): readonly Gap[] {
    return this.#gaps.tell();
  }

  /** Forgets what was sent on this connection and is acknowledged; a cursor beyond what was sent acknowledges no more than that. */
  acknowledged({ cursors, gaps }: Pick<Acknowledged, "cursors" | "gaps">): void {
    this.#gaps.acknowledged(gaps);
    this.#sent.replace((batch) => {
      const cursor = Object.hasOwn(cursors, batch.layout.source) ? (cursors[batch.layout.source] as number) : -1;
      const count = Math.min(batch.length, Math.max(0, cursor - batch.first + 1));
      if (count === 0) return [batch];
      const whole = count === batch.length;
      this.#forget(whole ? batch : batch.split(count));
      this.acknowledgedCount += count;
      return whole ? [] : [batch];
    });
  }

  /** Whoever it was sent to is gone: all that is not acknowledged is to be sent again, before anything newer. */
  disconnected(): void {
    this.#waiting.precede(this.#sent);
    this.#gaps.forgetTelling();
    this.#renumber();
  }

  #close(stream: Stream): void {
    if (stream.open === undefined) return;
    this.#waiting.push(stream.open);
    stream.open = undefined;
  }

  #onTimer(): void {
    this.collect();
    this.listener?.filled();
  }

  /** What is waiting is named as the present roster names it; what was sent keeps the name it was sent under. */
  #renumber(): void {
    const layouts = new Map([...this.#streams.values()].map(({ layout }) => [layout.source, layout]));
    this.#waiting.replace((batch) => {
      if (batch.layout.index >= 0) return [batch];
      const { source } = batch.layout;
      const runs = renumbered(batch, layouts.get(source), (from, to) => {
        this.#gaps.declare(source, from, to, "configuration-changed");
      });
      this.#forget(batch);
      for (const run of runs) this.#keep(run);
      return runs;
    });
  }

  /** Full: the oldest go. What is on its way may yet arrive, so it goes last. */
  #drop(): void {
    if (this.#waiting.first === undefined) this.collect();
    const queue = this.#waiting.first === undefined ? this.#sent : this.#waiting;
    const oldest = queue.first;
    if (oldest === undefined) return;
    const dropped = oldest.length > DROP_VALUES ? oldest.split(DROP_VALUES) : (queue.shift() as QueuedBatch);
    this.#forget(dropped);
    this.droppedCount += dropped.length;
    this.#gaps.declare(dropped.layout.source, dropped.first, dropped.last, "queue-full");
  }

  #keep(batch: QueuedBatch): void {
    this.values += batch.length;
    this.#scalars += batch.scalars;
  }

  #forget(batch: QueuedBatch): void {
    this.values -= batch.length;
    this.#scalars -= batch.scalars;
  }
}
