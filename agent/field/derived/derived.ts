import type { Clock } from "../../../hal/clock.ts";
import type { FieldSnapshot } from "../../config/snapshot.ts";
import type { LocalPart } from "../local-sources.ts";
import type { PointBook } from "../points/book.ts";
import type { Sink, Source } from "../points/source.ts";

export interface DerivedParts {
  readonly clock: Clock;
  readonly sink: Sink;
  readonly book: PointBook;
}

/** Points that are reckoned from others. */
export class Derived implements LocalPart {
  readonly sources: readonly Source[] = [];

  constructor(_parts: DerivedParts) {}

  apply(_field: FieldSnapshot): Promise<void> {
    return Promise.resolve();
  }

  start(): void {}

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
