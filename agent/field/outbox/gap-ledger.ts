import type { Gap } from "../../contract/telemetry.ts";

/** Gaps remembered at once. Beyond that they are widened over what lies between, never forgotten. */
export const GAPS_MAX = 1_000;
/** Gaps told and not acknowledged. What is told cannot grow any more, so the rest waits and merges. */
const GAPS_TOLD_MAX = 256;

type Reason = Gap["reason"];
interface Lost {
  from: number;
  to: number;
  readonly reason: Reason;
}

/** Which sequences of which source could not be kept, until the broker has acknowledged hearing so. */
export class GapLedger {
  #untold = new Map<string, Lost[]>();
  #untoldCount = 0;
  #told: Gap[] = [];

  declare(source: string, from: number, to: number, reason: Reason): void {
    const gaps = this.#untold.get(source) ?? [];
    if (gaps.length === 0) this.#untold.set(source, gaps);
    const last = gaps.at(-1);
    if (last !== undefined && last.reason === reason && last.to + 1 === from) {
      last.to = to;
      return;
    }
    gaps.push({ from, to, reason });
    this.#untoldCount++;
    if (this.#untoldCount > GAPS_MAX) this.#widen();
  }

  /** What can be told now, oldest first within each source; from here on it is told. */
  tell(): readonly Gap[] {
    const telling: Gap[] = [];
    for (const [source, gaps] of this.#untold) {
      const room = GAPS_TOLD_MAX - this.#told.length - telling.length;
      if (room <= 0) break;
      for (const gap of gaps.splice(0, room)) telling.push({ kind: "gap", source, ...gap });
      if (gaps.length === 0) this.#untold.delete(source);
    }
    this.#untoldCount -= telling.length;
    this.#told.push(...telling);
    return telling;
  }

  /** @param count how many of those told, oldest first */
  acknowledged(count: number): void {
    this.#told.splice(0, count);
  }

  /** Whoever was told is gone: all of it is to be told again. */
  forgetTelling(): void {
    const later = this.#untold;
    this.#untold = new Map();
    this.#untoldCount = 0;
    const told = this.#told;
    this.#told = [];
    for (const { source, from, to, reason } of told) this.declare(source, from, to, reason);
    for (const [source, gaps] of later) for (const { from, to, reason } of gaps) this.declare(source, from, to, reason);
  }

  /** Joins the two oldest gaps of the source that has the most: too much is declared lost rather than too little. */
  #widen(): void {
    let most: Lost[] = [];
    for (const gaps of this.#untold.values()) if (gaps.length > most.length) most = gaps;
    const [first, second] = most;
    if (first === undefined || second === undefined) return;
    most.splice(0, 2, {
      from: Math.min(first.from, second.from),
      to: Math.max(first.to, second.to),
      reason: first.reason,
    });
    this.#untoldCount--;
  }
}
