import type { AlarmEvent } from "../../contract/alarms.ts";

/** Who tells: the same two names as in the topics. */
export interface Origin {
  readonly site: string;
  readonly device: string;
}

/** One change of an alarm on its way to one receiver. */
export interface Delivery {
  readonly event: AlarmEvent;
  /** changes between the one delivered before and this one that this receiver will never hear of */
  readonly lostBefore: number;
  /** nobody's alarm: somebody tries out the receiver */
  readonly test: boolean;
}

/** How an attempt leaves the machine. */
export interface Way {
  readonly interfaceName?: string;
  /** leave out what makes the first flight of TLS longer than one packet, since the attempt before stalled */
  readonly classical: boolean;
}

/** One kind of receiver, at one place. It holds nothing back: what it did not confirm is offered to it again. */
export interface Receiver {
  /** as people write it, such as `syslog log.example:6514` */
  readonly address: string;
  /** so many deliveries make one batch at most */
  readonly batchMax: number;
  /**
   * Resolves once the receiver has the whole batch, in its order. A batch that is rejected may have arrived in part.
   * @throws {NotifyError | HalError} why; the signal's reason where it aborts
   */
  deliver(batch: readonly Delivery[], way: Way, signal: AbortSignal): Promise<void>;
}
