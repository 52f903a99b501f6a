import type { BusDevice } from "./bus-device.ts";
import type { Poll } from "./poll.ts";
import type { Outcome, Request } from "./request.ts";

/** What an arbiter tells the bus it works for. */
export interface ArbiterListener {
  polled(poll: Poll, outcome: Outcome): void;
  /** An urgent request, which has its own listener too, ended: what that says about the device it went to. */
  commanded(device: BusDevice, outcome: Outcome): void;
  /** The line has not been silent long enough to send anything for two seconds. */
  occupied(): void;
  /** A transaction of ours ended. @param tookMs since its first byte was sent */
  ended(request: Request, outcome: Outcome, tookMs: number): void;
  /** The link is not needed until then, or until {@link awaited} is called, and may be closed. */
  rested(untilMs: number): void;
  /** There is something to ask after all. */
  awaited(): void;
  lost(code: string, message: string): void;
  /** Something was thrown where nothing may be: the bus starts over. */
  crashed(error: unknown): void;
}
