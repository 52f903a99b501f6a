import { ASCII_FRAME_CHARS_MAX, asciiFrame } from "./ascii-frame.ts";
import { AsciiReceiver, CHARACTER_PAUSE_MS_MAX } from "./ascii-receiver.ts";
import type { Counters } from "./counters.ts";
import type { LineReceiver } from "./line-receiver.ts";
import { RTU_FRAME_BYTES_MAX, RtuReceiver } from "./rtu-receiver.ts";

/** An answer that stops arriving for so long has ended short; USB adapters hold characters back for up to 16 ms. */
const RTU_STALLED_MS = 30;

/** How the frames of a serial line look and are told apart, on the line itself or on a socket. */
export interface LineFraming {
  readonly receiver: LineReceiver;
  readonly frameBytesMax: number;
  /** an answer that stops arriving for so long has ended short */
  readonly stalledMs: number;
  /** @param adu unit id, PDU, CRC */
  frame(adu: Buffer): Buffer;
}

/**
 * @param timing of a character, and of the silence after which bytes that fit nothing are given up
 * @param isLate whether this unit owes an answer that timed out
 */
export function lineFraming(
  framing: "rtu" | "ascii",
  timing: { readonly silenceMs: number; readonly characterMs: number },
  counters: Counters,
  isLate: (unit: number) => boolean,
): LineFraming {
  if (framing === "ascii") {
    return {
      receiver: new AsciiReceiver(timing.characterMs, counters, isLate),
      frameBytesMax: ASCII_FRAME_CHARS_MAX,
      stalledMs: CHARACTER_PAUSE_MS_MAX,
      frame: asciiFrame,
    };
  }
  return {
    receiver: new RtuReceiver(timing, counters, isLate),
    frameBytesMax: RTU_FRAME_BYTES_MAX,
    stalledMs: RTU_STALLED_MS,
    frame: (adu) => adu,
  };
}
