import type { PointRef } from "../../config/snapshot/expression.ts";
import { QUALITIES } from "../../contract/point.ts";
import { isOn } from "./declared.ts";
import type { DeclaredOutput } from "./declared.ts";

type Value = number | boolean | string;

/** The latest value that was sent to an output, whoever wanted it. */
export interface Sent {
  readonly value: Value;
  /** monotonic */
  readonly atMs: number;
  readonly unixMs: number;
}

/** What this start of `field` knows of one output beside its reading. */
export class LiveOutput {
  latest: Sent | undefined;
  /** monotonic: what was written before nobody knows */
  readonly knownSinceMs: number;
  readonly #underWay: Value[] = [];
  /** a write of something on was not confirmed then: until a later reading it may be on, whatever was read before */
  #doubtMs = Number.NEGATIVE_INFINITY;

  constructor(knownSinceMs: number) {
    this.knownSinceMs = knownSinceMs;
  }

  /**
   * Reserved, whether or not it has been sent yet: from here on it counts.
   * @returns for what never left, which must not be reckoned from: what was sent before it is the latest again
   */
  sending(sent: Sent): () => void {
    const before = this.latest;
    this.latest = sent;
    this.#underWay.push(sent.value);
    return () => {
      if (this.latest === sent) this.latest = before;
    };
  }

  /** @param perhaps it was not confirmed, and may have been acted on */
  sent(value: Value, perhaps: boolean, nowMs: number): void {
    const at = this.#underWay.indexOf(value);
    if (at >= 0) this.#underWay.splice(at, 1);
    if (perhaps && isOn(value)) this.#doubtMs = nowMs;
  }

  get busy(): boolean {
    return this.#underWay.length > 0;
  }

  /** Why this output cannot be relied on to be off now; undefined where it can. */
  notOff({ state, output, ref }: DeclaredOutput, nowMs: number): string | undefined {
    if (this.#underWay.some(isOn)) return `${ref} is being switched on`;
    if (state.takenAtMs <= this.#doubtMs) return `${ref} may have been switched on: a write was not confirmed`;
    const { value } = state;
    if (!isFresh(state.quality) || value === null || Array.isArray(value))
      return `it is not known whether ${ref} is on`;
    if (output.guard !== undefined && nowMs - state.takenAtMs > output.guard.readBackMsMax) {
      return `it is not known whether ${ref} is on: it was read too long ago`;
    }
    return isOn(value) ? `${ref} is on` : undefined;
  }
}

/** One for each output, whatever configuration declares it. */
export class LiveOutputs {
  #all = new Map<PointRef, LiveOutput>();
  #keptMs = 0;

  of(ref: PointRef): LiveOutput {
    let live = this.#all.get(ref);
    if (live === undefined) {
      live = new LiveOutput(this.#keptMs);
      this.#all.set(ref, live);
    }
    return live;
  }

  /** Forgets what no configuration declares any more, unless something is on its way to it; what is new is known since now. */
  keep(refs: ReadonlyMap<PointRef, unknown>, nowMs: number): void {
    this.#all = new Map([...this.#all].filter(([ref, live]) => refs.has(ref) || live.busy));
    this.#keptMs = nowMs;
    for (const ref of refs.keys()) this.of(ref);
  }
}

/** Whether a reading shows what the device has: in range or not, it was read. */
export function isFresh(quality: number): boolean {
  const known = QUALITIES[quality]?.quality;
  return known === "good" || known === "uncertain";
}
