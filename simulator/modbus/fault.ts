import type { Clock } from "../../hal/clock.ts";
import type { Entropy } from "../../hal/entropy.ts";
import type { ExceptionCode } from "./exception.ts";

/**
 * What a field device can do wrong. Without a note, a fault works on a serial line and over TCP alike and the device
 * still acts on the request.
 */
export type Fault =
  /** switched off: neither acts nor answers */
  | { readonly kind: "silence" }
  /** acts, but the answer never arrives */
  | { readonly kind: "lost-reply" }
  /** answers so much later than usual; `late-reply` says that the client has given up by then */
  | { readonly kind: "delay" | "late-reply"; readonly ms: number }
  /** answers with the exception and does not act */
  | { readonly kind: "exception"; readonly code: ExceptionCode }
  /** a sensor that is stuck: each read is answered, well-formed, with what it said when it was first asked under this fault */
  | { readonly kind: "stuck" }
  /** answers as `unit`, by default the next one */
  | { readonly kind: "wrong-unit"; readonly unit?: number }
  /** the reply lacks its last `bytes`, by default 1, under a correct CRC or MBAP length */
  | { readonly kind: "short-frame"; readonly bytes?: number }
  /** random `bytes`, by default 2, follow the reply's data under a correct CRC or MBAP length */
  | { readonly kind: "long-frame"; readonly bytes?: number }
  /** the first half of the reply, then silence */
  | { readonly kind: "half-reply" }
  /** the reply without the byte at `byte`, or without each byte by the chance `rate`; without either one random byte */
  | { readonly kind: "byte-loss"; readonly byte?: number; readonly rate?: number }
  /** serial frames: the CRC is wrong by a bit, or the LRC by one */
  | { readonly kind: "crc-error" }
  /** serial: up to `bytesMax` random bytes on the line, unasked, about every `everyMs` */
  | { readonly kind: "babble"; readonly everyMs: number; readonly bytesMax?: number }
  /** TCP: a transaction id nobody asked with */
  | { readonly kind: "wrong-transaction" }
  /** TCP: a protocol id other than 0 */
  | { readonly kind: "wrong-protocol" }
  /** TCP: the same reply twice */
  | { readonly kind: "duplicated-reply" }
  /** TCP: a reply nobody asked for and the right one in one segment */
  | { readonly kind: "two-replies" }
  /** TCP: each byte in a segment of its own */
  | { readonly kind: "split-bytes" }
  /** TCP: an MBAP length field of 65535 */
  | { readonly kind: "oversize-length" }
  /** TCP: the connection is closed instead of an answer */
  | { readonly kind: "disconnect" };

export type FaultKind = Fault["kind"];

/** A fault and how long it lasts: so many exchanges, or until that monotonic time, or (with neither) until cleared. */
export type Injection = Fault & {
  readonly count?: number;
  readonly untilMs?: number;
  /** chance that an exchange is struck, by default 1 */
  readonly probability?: number;
};

/** A test that injects more than this at a time has lost count itself. */
const INJECTIONS_MAX = 64;

/** The faults of one device. Chance comes from the given entropy, so that a seed repeats a run. */
export class Faults {
  readonly #clock: Clock;
  readonly #entropy: Entropy;
  readonly #watchers = new Set<() => void>();
  #injections: { readonly injection: Injection; left: number }[] = [];

  constructor(clock: Clock, entropy: Entropy) {
    this.#clock = clock;
    this.#entropy = entropy;
  }

  inject(injection: Injection): void {
    if (this.#injections.length >= INJECTIONS_MAX) throw new RangeError(`${INJECTIONS_MAX} faults are active already`);
    this.#injections.push({ injection, left: injection.count ?? Number.POSITIVE_INFINITY });
    this.#tell();
  }

  clear(kind?: FaultKind): void {
    this.#injections = kind === undefined ? [] : this.#injections.filter(({ injection }) => injection.kind !== kind);
    this.#tell();
  }

  /** Kinds that are active now, for people to see. */
  active(): readonly FaultKind[] {
    this.#expire();
    return this.#injections.map(({ injection }) => injection.kind);
  }

  /** The faults that strike this exchange, each used up by one. */
  draw(): readonly Fault[] {
    this.#expire();
    const struck: Fault[] = [];
    for (const entry of this.#injections) {
      const { injection } = entry;
      if (injection.kind === "babble") continue;
      if (injection.probability !== undefined && this.#entropy.fraction() >= injection.probability) continue;
      entry.left -= 1;
      struck.push(injection);
    }
    this.#expire();
    return struck;
  }

  /** The babble that is active now, if any. It is no exchange, and no exchange uses it up: `count` counts its bursts. */
  babble(): Extract<Fault, { kind: "babble" }> | undefined {
    this.#expire();
    for (const { injection } of this.#injections) if (injection.kind === "babble") return injection;
    return undefined;
  }

  useBabble(): void {
    const entry = this.#injections.find(({ injection }) => injection.kind === "babble");
    if (entry !== undefined) entry.left -= 1;
  }

  /** Calls back whenever faults are injected or cleared. */
  watch(changed: () => void): Disposable {
    this.#watchers.add(changed);
    return { [Symbol.dispose]: () => void this.#watchers.delete(changed) };
  }

  #expire(): void {
    const now = this.#clock.monotonicMs();
    this.#injections = this.#injections.filter(
      ({ injection, left }) => left > 0 && now < (injection.untilMs ?? Number.POSITIVE_INFINITY),
    );
  }

  #tell(): void {
    for (const changed of this.#watchers) changed();
  }
}
