import type { PointRef } from "../../config/snapshot/expression.ts";
import type { PointState, Source } from "./source.ts";

/** The latest of every point of the gateway by `device/point`, for whatever reasons about points of any device. */
export class PointBook {
  #points = new Map<PointRef, PointState>();

  /** Other sources from now on; what {@link find} gave before is of the past. */
  lay(sources: readonly Source[]): void {
    this.#points = new Map(
      sources.flatMap((source) => source.points.map((point) => [`${source.name}/${point.facts.name}`, point] as const)),
    );
  }

  find(ref: PointRef): PointState | undefined {
    return this.#points.get(ref);
  }
}
