import type { Expectation } from "./expectation.ts";

/** What a chunk completed. `damaged`: the awaited answer, whole, with a wrong checksum. */
export type Heard = "nothing" | "reply" | "damaged";

/** Everything heard on a line, sorted into the awaited answer and what is discarded. */
export interface LineReceiver {
  /** The latest answer, unit id to CRC, whatever protected it on the way. */
  readonly reply: Buffer;
  /** Whether something was heard since the last {@link expect} that could have been the answer, and was not whole. */
  readonly damaged: boolean;
  /** Whether what has been heard so far may become the awaited answer. */
  readonly arriving: boolean;
  /** From now on this is awaited, or nothing is; what was heard before and never became a frame is given up. */
  expect(expected: Expectation | undefined): void;
  /** @param nowMs when the last byte of the chunk was heard */
  push(chunk: Uint8Array, nowMs: number): Heard;
}
