import { sleep } from "../../../hal/clock.ts";
import type { Clock } from "../../../hal/clock.ts";
import type { Entropy } from "../../../hal/entropy.ts";
import { openChannel } from "../../contract/channel.ts";
import type { Channel } from "../../contract/channel.ts";
import type { Dialer } from "../../contract/door.ts";
import type { Log } from "../../contract/log.ts";

/** Pauses between attempts to reach another room: it is back within 2 s of a crash, and so is the link. */
const REDIAL_MS_MIN = 100;
const REDIAL_MS_MAX = 1_000;

export interface LinkParts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly dialer: Dialer;
  readonly peer: string;
}

/** One conversation: told what comes, and that it is over. */
export interface Conversation<In> {
  receive(message: In): void;
  ended(): void;
}

/** Keeps a channel to another room's door for as long as `signal` allows, dialing again whenever it is gone. */
export async function keepLink<In, Out>(
  { clock, entropy, log, dialer, peer }: LinkParts,
  decode: (value: unknown) => In | undefined,
  open: (channel: Channel<Out>) => Conversation<In>,
  signal: AbortSignal,
): Promise<void> {
  let pauseMs = REDIAL_MS_MIN;
  while (!signal.aborted) {
    const stream = await dialer.dial(signal).catch(() => undefined);
    if (stream !== undefined) {
      pauseMs = REDIAL_MS_MIN;
      const channel = openChannel<In, Out>(stream, decode, (message) => conversation.receive(message));
      // nothing was received yet: a stream speaks in a later turn of the loop
      const conversation: Conversation<In> = open(channel);
      log.info("link.opened", { peer });
      const close = (): void => channel.close();
      signal.addEventListener("abort", close, { once: true });
      if (signal.aborted) close();
      const refusal = await channel.closed;
      signal.removeEventListener("abort", close);
      conversation.ended();
      log.info("link.closed", { peer, ...(refusal === undefined ? {} : { code: refusal.code }) });
    }
    await sleep(clock, pauseMs * (0.5 + entropy.fraction() / 2), signal).catch(() => {});
    pauseMs = Math.min(REDIAL_MS_MAX, pauseMs * 2);
  }
}
