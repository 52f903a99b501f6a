import type { Clock } from "../hal/clock.ts";

/** The device end of a serial line: what a simulated RTU device stands on. */
export interface Wire {
  /**
   * Hears the line: 1 byte or more as they arrive. Several devices may share a wire, each with its own listener.
   * `endMs` is the monotonic instant at which the last character ended, where that is known and was before now: in real
   * time every timer is late, and silences counted from one late timer to the next would add up.
   */
  receive(listener: (chunk: Uint8Array, endMs?: number) => void): void;
  /** Puts bytes on the line one character-time after another, behind whatever is still being sent. */
  send(bytes: Uint8Array): void;
}

/** Characters that may wait in one direction: a minute and a half at 9 600 baud. */
const CHARACTERS_WAITING_MAX = 65_536;

/** One character on its way. */
export interface Character {
  readonly byte: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** One direction of a line: bytes go in at once and come out at the pace of the baud rate. */
export interface PacedLine {
  /** The monotonic instant at which the last of these bytes has left. */
  send(bytes: Uint8Array): number;
  /** What has not left yet never will. */
  drop(): void;
}

/**
 * A character is handed over at its end, never early. Where timers are late, as in real time, the characters that are
 * due by then come one after another and the pace is not lost.
 */
export function pacedLine(clock: Clock, characterMs: number, deliver: (character: Character) => void): PacedLine {
  let waiting: Character[] = [];
  let idleAtMs = Number.NEGATIVE_INFINITY;
  let armed: Disposable | undefined;

  function arm(): void {
    const first = waiting[0];
    if (first === undefined) return;
    armed = clock.after(Math.max(0, first.endMs - clock.monotonicMs()), () => {
      armed = undefined;
      // The first is due whatever rounding says: waiting for the rest of it could be waiting for nothing, for ever.
      do deliver(waiting.shift() as Character);
      while (waiting[0] !== undefined && waiting[0].endMs <= clock.monotonicMs());
      if (armed === undefined) arm();
    });
  }

  return {
    send(bytes) {
      if (waiting.length + bytes.length > CHARACTERS_WAITING_MAX) {
        throw new RangeError(`more than ${CHARACTERS_WAITING_MAX} characters wait to be sent`);
      }
      let startMs = Math.max(idleAtMs, clock.monotonicMs());
      for (const byte of bytes) {
        waiting.push({ byte, startMs, endMs: startMs + characterMs });
        startMs += characterMs;
      }
      idleAtMs = startMs;
      if (armed === undefined) arm();
      return idleAtMs;
    },
    drop() {
      armed?.[Symbol.dispose]();
      armed = undefined;
      waiting = [];
      idleAtMs = Number.NEGATIVE_INFINITY;
    },
  };
}
