import { scalarsOf } from "../../contract/telemetry.ts";
import type { Acknowledged, Batch, Gap, Roster, SourceState } from "../../contract/telemetry.ts";
import { DEVICE_ALIAS_FIRST } from "./birth.ts";
import { openGaps } from "./gaps.ts";
import { GAPS_MAX, WINDOW_VALUES, WINDOW_VALUES_MAX } from "./limits.ts";
import { lastSequence, learn, refresh, sameShape, sourcesOf } from "./source.ts";
import type { Source, Values } from "./source.ts";

/** What a roster means against the one before. */
export type Adopted =
  | "same" // nothing a birth would say differently
  | "changed" // other sources or points
  | "restarted"; // another boot: sequences begin at 0 again

/**
 * What came from `field` and is not yet acknowledged, by source, bounded by the credit given. `field` keeps every value
 * until it is told otherwise; this copy is what can be published again when only the broker was away.
 */
export class Window {
  readonly gaps = openGaps();
  bootId = "";
  sources: readonly Source[] = [];
  /** counts connections of `field`: what was said on one is not an answer on the next */
  epoch = 0;
  #revision = -1;
  #rostered = false;
  #byName = new Map<string, Source>();
  /** sources that are gone with values still unacknowledged */
  #orphans = new Map<string, Source>();
  #received = 0;
  #released = 0;

  /** Values that `field` may have sent since the start of this connection. */
  get credit(): number {
    return this.#released + WINDOW_VALUES;
  }

  get orphans(): IterableIterator<Source> {
    return this.#orphans.values();
  }

  opened(): void {
    this.epoch += 1;
    this.#rostered = false;
    this.#received = 0;
    this.#released = 0;
  }

  /** How a roster compares, before it is adopted. */
  compare(roster: Roster): Adopted {
    if (roster.bootId !== this.bootId) return this.bootId === "" ? "changed" : "restarted";
    return sameShape(this.sources, roster) ? "same" : "changed";
  }

  adopt(roster: Roster): void {
    const adopted = this.compare(roster);
    if (adopted === "restarted") this.#abandon();
    else if (!this.#rostered) this.#forget();
    this.#rostered = true;
    this.#revision = roster.revision;
    this.bootId = roster.bootId;
    if (adopted === "same") {
      refresh(this.sources, roster);
      return;
    }
    const before = new Map([...this.#orphans, ...this.#byName]);
    this.sources = sourcesOf(roster, DEVICE_ALIAS_FIRST);
    this.#byName = new Map(this.sources.map((source) => [source.name, source]));
    for (const source of this.sources) {
      const predecessor = before.get(source.name);
      if (predecessor === undefined) continue;
      before.delete(source.name);
      source.pending = predecessor.pending;
      source.unacknowledged = predecessor.unacknowledged;
    }
    this.#orphans = new Map(
      [...before].filter(([, { pending, unacknowledged }]) => pending.length + unacknowledged.length > 0),
    );
  }

  /** @returns what is wrong with the batch, undefined where nothing is */
  batch(batch: Batch, nowMs: number): string | undefined {
    const source = this.#rostered && batch.revision === this.#revision ? this.sources[batch.source] : undefined;
    if (source === undefined)
      return `a batch for source ${batch.source} of roster ${batch.revision}, which is not the newest`;
    if (batch.points.some((point) => point >= source.points.length))
      return `a batch for a point ${source.name} does not have`;
    this.#received += scalarsOf(batch);
    if (this.#received - this.#released > WINDOW_VALUES_MAX) return "more values than there was credit for";
    source.pending.push({ batch, layout: source.points });
    learn(source, batch, nowMs);
    return undefined;
  }

  gap({ source, from, to, reason }: Gap): string | undefined {
    if (this.gaps.waiting >= GAPS_MAX) return `more than ${GAPS_MAX} gaps`;
    this.gaps.add({ bootId: this.bootId, source, from, to, reason, fromField: 1 });
    return undefined;
  }

  state(state: SourceState): string | undefined {
    const source = this.#rostered && state.revision === this.#revision ? this.sources[state.source] : undefined;
    if (source === undefined) return `the state of source ${state.source} of roster ${state.revision}`;
    source.online = state.online;
    return undefined;
  }

  /** Everything up to these sequences is acknowledged. */
  release(cursors: Acknowledged["cursors"]): void {
    for (const [name, cursor] of Object.entries(cursors)) {
      const source = this.#byName.get(name) ?? this.#orphans.get(name);
      if (source === undefined) continue;
      this.#released += releaseUpTo(source.unacknowledged, cursor);
      if (source.unacknowledged.length + source.pending.length === 0) this.#orphans.delete(name);
    }
  }

  /** The broker is gone: whatever it did not acknowledge is to be published again, in order. */
  republish(): void {
    for (const source of [...this.sources, ...this.#orphans.values()]) {
      if (source.unacknowledged.length === 0) continue;
      source.pending = [...source.unacknowledged, ...source.pending];
      source.unacknowledged = [];
    }
    this.gaps.forget(this.bootId, "values");
  }

  /** `field` says everything again that it has not heard acknowledged. */
  #forget(): void {
    for (const source of this.sources) {
      source.pending = [];
      source.unacknowledged = [];
    }
    this.#orphans.clear();
    this.gaps.forget(this.bootId, "field");
    this.gaps.forget(this.bootId, "values");
  }

  /** The `field` that had these values is gone, and there was no broker to give them to. */
  #abandon(): void {
    for (const source of [...this.sources, ...this.#orphans.values()]) {
      for (const entry of source.pending) {
        this.gaps.add({
          bootId: this.bootId,
          source: source.name,
          from: entry.batch.first,
          to: lastSequence(entry),
          reason: "field-restarted",
          fromField: 0,
        });
      }
    }
    this.#byName.clear();
    this.#orphans.clear();
  }
}

function releaseUpTo(entries: Values[], cursor: number): number {
  let values = 0;
  let n = 0;
  for (; n < entries.length; n++) {
    const entry = entries[n] as Values;
    if (lastSequence(entry) > cursor) break;
    values += scalarsOf(entry.batch);
  }
  entries.splice(0, n);
  return values;
}
