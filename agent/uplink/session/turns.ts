import type { TrafficClass } from "../../contract/uplink-status.ts";
import type { EdgeNodeId } from "../sparkplug/topic.ts";
import type { EdgeNode } from "./edge-node.ts";
import type { MarkLedger } from "./mark-ledger.ts";
import type { Publisher } from "./publish.ts";
import { fallBehind, lastSequence } from "./source.ts";
import type { Source } from "./source.ts";
import type { Window } from "./window.ts";

/** Where values of one connection go. */
export interface Publishing {
  readonly id: EdgeNodeId;
  readonly node: EdgeNode;
  readonly publisher: Publisher;
}

/** Gives every source its turn to publish, be born or die, fairly where not everything may go at once. */
export class Turns {
  readonly #window: Window;
  readonly #marks: MarkLedger;
  readonly #counters: { dataMessages: number };
  #next = 0;

  constructor(window: Window, marks: MarkLedger, counters: { dataMessages: number }) {
    this.#window = window;
    this.#marks = marks;
    this.#counters = counters;
  }

  /** Each source in its turn while `more` says so; the next call goes on with the first that had to wait. */
  serve(publishing: Publishing, nowMs: number, more: () => boolean): void {
    const { sources, orphans } = this.#window;
    let waits: number | undefined;
    let n = 0;
    for (; n < sources.length && more(); n++) {
      const index = (this.#next + n) % sources.length;
      const served = this.#turn(publishing, sources[index] as Source, nowMs);
      // whoever had a share leaves the next one to its neighbour, or a busy device would take every share
      if (served.held && waits === undefined) waits = served.moved ? (index + 1) % sources.length : index;
    }
    this.#next = n < sources.length ? (this.#next + n) % sources.length : (waits ?? 0);
    for (const orphan of orphans) this.#lose(orphan, "configuration-changed");
  }

  #turn(
    { id, node, publisher }: Publishing,
    source: Source,
    nowMs: number,
  ): { readonly held: boolean; readonly moved: boolean } {
    let held: TrafficClass | undefined;
    let moved = false;
    let historical = false;
    const first = publisher.next(source, nowMs);
    if (first !== undefined) {
      if (!node.wire.allows(first)) held = first;
      else if (source.born || (!source.unbearable && node.bear(source, nowMs))) {
        const published = publisher.values(id, source, nowMs);
        if (published.covered !== undefined) this.#marks.cover(source.name, published.covered);
        this.#counters.dataMessages += published.messages;
        ({ held, historical } = published);
        moved = published.covered !== undefined;
      } else this.#lose(source, "too-large");
    } else if (source.online && !source.born && !source.unbearable) node.bear(source, nowMs);
    if (source.born && held === "history") fallBehind(source);
    if (source.born && source.behind && (!historical || held === "history")) {
      this.#counters.dataMessages += publisher.current(id, source, nowMs);
    }
    if (source.born && !source.online && (held === undefined || !moved)) node.die(source, nowMs);
    return { held: held !== undefined, moved };
  }

  #lose(source: Source, reason: "configuration-changed" | "too-large"): void {
    const { bootId, gaps } = this.#window;
    for (const entry of source.pending) {
      const [from, to] = [entry.batch.first, lastSequence(entry)];
      this.#marks.cover(source.name, { from, to });
      gaps.add({ bootId, source: source.name, from, to, reason, fromField: 0 });
      source.unacknowledged.push(entry);
    }
    source.pending = [];
  }
}
