import { isDeepStrictEqual } from "node:util";
import { every } from "../../../hal/clock.ts";
import type { Clock, Timer } from "../../../hal/clock.ts";
import type { FieldSnapshot } from "../../config/snapshot.ts";
import type { DerivedPoint, DerivedSnapshot } from "../../config/snapshot/logic.ts";
import type { LocalPart } from "../local-sources.ts";
import type { PointBook } from "../points/book.ts";
import { changed } from "../points/scalar.ts";
import { Source } from "../points/source.ts";
import type { PointKind, Sink } from "../points/source.ts";
import { evaluator } from "./evaluator.ts";
import { withinRange } from "./range.ts";

export interface DerivedParts {
  readonly clock: Clock;
  readonly sink: Sink;
  readonly book: PointBook;
}

/** Points that are reckoned from others, each as often as it asks for, in an order in which none reads a later one. */
export class Derived implements LocalPart {
  readonly #parts: DerivedParts;
  #snapshot: DerivedSnapshot | undefined;
  #source: Source | undefined;
  #timers: readonly Timer[] = [];

  constructor(parts: DerivedParts) {
    this.#parts = parts;
  }

  get sources(): readonly Source[] {
    return this.#source === undefined ? [] : [this.#source];
  }

  apply({ derived }: FieldSnapshot): Promise<void> {
    this.#rest();
    if (!isDeepStrictEqual(derived, this.#snapshot)) {
      this.#source = derived && new Source("derived", derived.device, derived.points.map(pointKind), this.#parts);
    }
    this.#snapshot = derived;
    return Promise.resolve();
  }

  start(): void {
    const source = this.#source;
    if (source === undefined) return;
    this.#rest();
    const points = (this.#snapshot?.points ?? []).map((point, index) => this.#bound(source, point, index));
    source.turn(true);
    // points of one period are reckoned together, so that what one reads of another is of the same instant
    const byPeriod = Map.groupBy(points, ({ everyMs }) => everyMs);
    this.#timers = [...byPeriod].map(([everyMs, together]) =>
      every(this.#parts.clock, everyMs, () => {
        for (const { reckon } of together) reckon();
      }),
    );
  }

  stop(): Promise<void> {
    this.#rest();
    return Promise.resolve();
  }

  #rest(): void {
    for (const timer of this.#timers) timer[Symbol.dispose]();
    this.#timers = [];
  }

  #bound(
    source: Source,
    point: DerivedPoint,
    index: number,
  ): { readonly everyMs: number; readonly reckon: () => void } {
    const evaluate = evaluator(point.expression, this.#parts.book);
    const judge = withinRange(point);
    return {
      everyMs: point.everyMs,
      reckon: () => {
        const { value, quality } = evaluate();
        source.take(index, value, judge(value, quality));
      },
    };
  }
}

function pointKind({ name, type, unit, low, high, deadband, heartbeatMs }: DerivedPoint): PointKind {
  return {
    facts: {
      name,
      type,
      ...(unit === undefined ? {} : { unit }),
      ...(low === undefined ? {} : { low }),
      ...(high === undefined ? {} : { high }),
      output: false,
    },
    changed: (before, after) => changed(before, after, deadband),
    heartbeatMs,
  };
}
