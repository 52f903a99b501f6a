import type { Outcome, Request } from "./request.ts";

/** Who watches what happens on one bus, and outlives every opening of it. Nothing here may throw or wait. */
export interface Witness {
  /** Whether the line gives back what is sent on it, as half-duplex adapters do. */
  readonly echoing: boolean;
  /** The line or socket is open. */
  opened(): void;
  /** Bytes of ours, as they go to the line. Serial lines only. */
  sent(bytes: Uint8Array): void;
  /** Bytes from the line, ours coming back among them. Serial lines only. */
  heard(bytes: Uint8Array): void;
  /** A transaction of ours ended. @param tookMs since its first byte was sent */
  ended(request: Request, outcome: Outcome, tookMs: number): void;
  /** A socket's device answered our transaction under another unit id. */
  answeredAs(asked: number, unit: number): void;
}
