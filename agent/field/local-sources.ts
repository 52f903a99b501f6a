import type { FieldSnapshot } from "../config/snapshot.ts";
import type { Source } from "./points/source.ts";

/** A part of the gateway that is itself a source of values: derived points, alarms, its own inputs. */
export interface LocalPart {
  /** none where the configuration does not ask for it; a source whose points stay the same stays the same object */
  readonly sources: readonly Source[];
  /** Another configuration: closes and opens what changed. Nothing is sampled before {@link start}. */
  apply(field: FieldSnapshot): Promise<void>;
  /** The outbox and the book of points know its sources now, and those of every other part. */
  start(): void;
  stop(): Promise<void>;
}
