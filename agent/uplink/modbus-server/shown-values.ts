import type { Clock } from "../../../hal/clock.ts";
import { qualityCode } from "../../contract/point.ts";
import type { ScalarValue } from "../../contract/point.ts";
import { SHOWN_KEPT_MS } from "../../contract/shown.ts";
import type { Shown } from "../../contract/shown.ts";

const GOOD = qualityCode("ok");

/**
 * The latest values of the points that are shown, as `field` said them. A value that is not good, that is of another
 * configuration, or whose `field` is away or silent, is none.
 */
export class ShownValues {
  readonly #clock: Pick<Clock, "monotonicMs">;
  #digest: string | undefined;
  #heardMs = Number.NEGATIVE_INFINITY;
  #values = new Map<number, ScalarValue>();
  /** since when somebody has asked by another configuration than that of `field` */
  #differsMs: number | undefined;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  take({ configDigest, points, values, qualities }: Shown): void {
    if (configDigest !== this.#digest) this.#values.clear();
    this.#digest = configDigest;
    this.#heardMs = this.#clock.monotonicMs();
    for (const [i, point] of points.entries()) {
      const value = values[i];
      if (qualities[i] === GOOD && value !== undefined && value !== null) this.#values.set(point, value);
      else this.#values.delete(point);
    }
  }

  /** `field` is away: nobody vouches for any value. */
  lose(): void {
    this.#digest = undefined;
    this.#differsMs = undefined;
    this.#values.clear();
  }

  /** @param configDigest of the configuration whose list `index` counts in */
  get(index: number, configDigest: string): ScalarValue | undefined {
    const nowMs = this.#clock.monotonicMs();
    if (configDigest === this.#digest || this.#digest === undefined) this.#differsMs = undefined;
    else this.#differsMs ??= nowMs;
    const believed = configDigest === this.#digest && nowMs - this.#heardMs < SHOWN_KEPT_MS;
    return believed ? this.#values.get(index) : undefined;
  }

  /** The configuration of `field`, where it has been another one for longer than an apply takes. */
  get otherDigest(): string | undefined {
    const differsMs = this.#differsMs;
    const lasts = differsMs !== undefined && this.#clock.monotonicMs() - differsMs >= SHOWN_KEPT_MS;
    return lasts ? this.#digest : undefined;
  }
}
