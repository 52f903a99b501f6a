import type { Clock } from "../../hal/clock.ts";
import { sleep } from "../../hal/clock.ts";
import type { Entropy } from "../../hal/entropy.ts";
import { openChannel } from "../contract/channel.ts";
import type { Channel } from "../contract/channel.ts";
import { decodeKeeperToField } from "../contract/decode.ts";
import type { Dialer } from "../contract/door.ts";
import type { Log } from "../contract/log.ts";
import type { FieldToKeeper, KeeperToField } from "../contract/rooms.ts";

const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 1_000;

export interface KeeperLinkParts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly keeper: Dialer;
  readonly log: Log;
}

/**
 * Stays in touch with the keeper until `signal` aborts: dials, and dials again for ever. Whether anybody is there makes
 * no difference to the field.
 */
export async function keepInTouch(
  parts: KeeperLinkParts,
  greeting: () => FieldToKeeper,
  receive: (message: KeeperToField, answer: (reply: FieldToKeeper) => void) => void,
  signal: AbortSignal,
): Promise<void> {
  let pauseMs = RETRY_MS_MIN;
  while (!signal.aborted) {
    try {
      const stream = await parts.keeper.dial(signal);
      pauseMs = RETRY_MS_MIN;
      const channel: Channel<FieldToKeeper> = openChannel<KeeperToField, FieldToKeeper>(
        stream,
        decodeKeeperToField,
        (message) => {
          try {
            receive(message, (reply) => void channel.send(reply));
          } catch (error) {
            // a fault of ours in answering must not take the buses down with it
            parts.log.error("keeper.message-failed", { kind: message.kind, message: messageOf(error) });
          }
        },
      );
      const close = (): void => channel.close();
      signal.addEventListener("abort", close, { once: true });
      if (signal.aborted) close();
      channel.send(greeting());
      const refusal = await channel.closed;
      signal.removeEventListener("abort", close);
      parts.log.info("keeper.gone", refusal === undefined ? {} : { code: refusal.code });
    } catch (error) {
      parts.log.debug("keeper.not-there", { message: messageOf(error) });
    }
    const jitteredMs = pauseMs * (1 - parts.entropy.fraction() / 4);
    pauseMs = Math.min(RETRY_MS_MAX, pauseMs * 2);
    await sleep(parts.clock, jitteredMs, signal).catch(() => {});
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
