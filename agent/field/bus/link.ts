import type { Expectation } from "./expectation.ts";

/** What an open line or socket tells its arbiter. Each of these comes at most once for what was sent. */
export interface LinkListener {
  /** The answer to the outstanding request: unit id, PDU, CRC. */
  reply(adu: Buffer): void;
  /** The outstanding request was answered, and the answer is corrupt. */
  damaged(): void;
  /** Gone by itself. Nothing follows. */
  lost(code: string, message: string): void;
}

/** One open serial line or Modbus TCP socket. One request may be outstanding; the arbiter decides when. */
export interface Link extends AsyncDisposable {
  /** Monotonic milliseconds from which a request may go out, if nothing more is heard, sent or broadcast until then. */
  readyAtMs(extraSilenceMs: number): number;
  /**
   * Hands over one request in one write.
   * @param adu unit id, PDU, CRC
   * @param expected undefined for a broadcast
   */
  send(adu: Buffer, expected: Expectation | undefined): void;
  /**
   * When the latest request has gone unanswered for `timeoutMs` since its last byte left. Moves back while the driver
   * still sends and while an answer is arriving: asked again at that time, it may give a later one.
   */
  overdueAtMs(timeoutMs: number): number;
  /** The outstanding request gets no answer any more. True: something was heard that could have been one. */
  abandon(): boolean;
}
