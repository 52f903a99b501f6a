import type { HeardReply } from "../../field/inventory/heard-pdu.ts";

/** What one unit said when it was asked. */
export interface Answer {
  readonly reply: HeardReply;
  readonly tookMs: number;
}

/** Where units are looked for: a serial line or a socket. One question at a time. */
export interface Probe extends AsyncDisposable {
  /**
   * Undefined where nobody answers in `timeoutMs` after the question has left.
   * @throws {DiscoverError} `DISCOVER_TRAFFIC` as soon as somebody else is heard: nothing more may be sent
   */
  ask(unit: number, pdu: Uint8Array, timeoutMs: number): Promise<Answer | undefined>;
  /** The longest that one question takes beside its timeout: its characters, and silence. */
  readonly questionMs: number;
  /** Told of answers that came after their time was over: whoever gives one is there, and slow. */
  onLate: ((answer: Answer) => void) | undefined;
}

export type DiscoverErrorCode =
  | "DISCOVER_TRAFFIC" // somebody else speaks on the line: stop that first
  | "DISCOVER_IN_USE" // the running gateway has this line or socket
  | "DISCOVER_ABORTED"; // by Ctrl-C

export class DiscoverError extends Error {
  readonly code: DiscoverErrorCode;
  constructor(code: DiscoverErrorCode, message: string) {
    super(message);
    this.name = "DiscoverError";
    this.code = code;
  }
}
