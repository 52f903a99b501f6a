import type { Clock } from "../../../hal/clock.ts";
import { MARK_GAPS_MAX } from "./limits.ts";
import { markMessage, shareOut } from "./marks.ts";
import type { Covered, MarkInFlight } from "./marks.ts";
import type { Window } from "./window.ts";
import { payloadBytesMax } from "./wire.ts";
import type { Wire } from "./wire.ts";

export interface MarkCounters {
  marksSent: number;
  marksAcknowledged: number;
}

/** Which marks are out on this connection, and what the next one has to cover. */
export class MarkLedger {
  readonly #clock: Pick<Clock, "monotonicMs" | "wall">;
  readonly #window: Window;
  readonly #counters: MarkCounters;
  readonly #released: (mark: MarkInFlight) => void;
  #inFlight: MarkInFlight[] = [];
  #covered = new Map<string, Covered>();

  /** @param released a mark and every mark before it are acknowledged */
  constructor(
    clock: Pick<Clock, "monotonicMs" | "wall">,
    window: Window,
    counters: MarkCounters,
    released: (mark: MarkInFlight) => void,
  ) {
    this.#clock = clock;
    this.#window = window;
    this.#counters = counters;
    this.#released = released;
  }

  get inFlight(): number {
    return this.#inFlight.length;
  }

  /** When the oldest unacknowledged mark was sent, monotonic clock. */
  get oldestMs(): number | undefined {
    return this.#inFlight[0]?.sentMs;
  }

  /** The next mark covers these sequences of a source: they were published or declared lost. */
  cover(source: string, { from, to }: Covered): void {
    const covered = this.#covered.get(source);
    if (covered === undefined) this.#covered.set(source, { from, to });
    else covered.to = to;
  }

  /** Publishes what there is to mark, on the connection that carried the values. */
  publish(wire: Wire, topic: string): void {
    const { gaps, epoch } = this.#window;
    while (this.#covered.size > 0 || gaps.waiting > 0) {
      const taken = gaps.take(MARK_GAPS_MAX);
      const bootId = taken[0]?.bootId ?? this.#window.bootId;
      let covered = new Map<string, Covered>();
      // another boot's gaps are said first, in marks of their own
      if (bootId === this.#window.bootId) {
        covered = this.#covered;
        this.#covered = new Map();
      }
      const wall = this.#clock.wall();
      for (const content of shareOut(covered, taken, payloadBytesMax(wire, topic))) {
        const sentMs = this.#clock.monotonicMs();
        const mark: MarkInFlight = { bootId, epoch, ...content, sentMs, acknowledged: false };
        this.#inFlight.push(mark);
        this.#counters.marksSent += 1;
        const bytes = Buffer.from(JSON.stringify(markMessage(bootId, wall.trust, wall.unixMs, content)));
        wire.publishAcknowledged(topic, bytes, false, () => this.#acknowledged(mark));
      }
    }
  }

  /**
   * The connection is gone: what its marks said and nobody acknowledged is to be said again. Values of this boot are
   * published again and speak for themselves; of an earlier boot nothing is left but to declare them.
   */
  abandon(): void {
    const { bootId, epoch, gaps } = this.#window;
    gaps.putBack(
      this.#inFlight.flatMap((mark) =>
        mark.gaps.filter((gap) => gap.bootId !== bootId || (gap.fromField > 0 && mark.epoch === epoch)),
      ),
    );
    for (const mark of this.#inFlight) {
      if (mark.bootId === bootId) continue;
      for (const [source, { from, to }] of mark.sources) {
        gaps.add({ bootId: mark.bootId, source, from, to, reason: "field-restarted", fromField: 0 });
      }
    }
    this.#inFlight = [];
    this.#covered.clear();
  }

  /** Acknowledgements come in order from a broker that keeps to the standard; from another they wait for their turn. */
  #acknowledged(mark: MarkInFlight): void {
    mark.acknowledged = true;
    this.#counters.marksAcknowledged += 1;
    while (this.#inFlight[0]?.acknowledged === true) this.#released(this.#inFlight.shift() as MarkInFlight);
  }
}
