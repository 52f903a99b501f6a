import type { Clock } from "../../hal/clock.ts";
import { sleep } from "../../hal/clock.ts";
import { openChannel } from "../contract/channel.ts";
import { decodeControlReply } from "../contract/decode.ts";
import type { Dialer } from "../contract/door.ts";
import type { ControlReply, ControlRequest } from "../contract/rooms.ts";

/** How long `keeper` may take: it waits a second for each of the other rooms itself. */
const REPLY_MS = 5_000;
const DIAL_RETRY_MS = 50;

type Ask = ControlRequest extends infer One ? (One extends { readonly id: number } ? Omit<One, "id"> : never) : never;

export class ControlError extends Error {
  readonly code: "CONTROL_UNREACHABLE" | "CONTROL_NO_REPLY";
  constructor(code: "CONTROL_UNREACHABLE" | "CONTROL_NO_REPLY", message: string) {
    super(message);
    this.name = "ControlError";
    this.code = code;
  }
}

/**
 * One question over the control socket.
 * @param patienceMs how long to wait for a `keeper` that is only just starting; 0: it must be there
 * @throws {ControlError}
 */
export async function askKeeper(
  parts: { readonly clock: Clock; readonly dialer: Dialer },
  ask: Ask,
  patienceMs: number,
): Promise<ControlReply> {
  const stream = await dial(parts, patienceMs);
  return new Promise((resolve, reject) => {
    const channel = openChannel<ControlReply, ControlRequest>(stream, decodeControlReply, (reply) => {
      timer[Symbol.dispose]();
      resolve(reply);
      channel.close();
    });
    const timer = parts.clock.after(REPLY_MS, () => {
      channel.close();
      reject(new ControlError("CONTROL_NO_REPLY", `keeper accepted the question and gave no answer in ${REPLY_MS} ms`));
    });
    void channel.closed.then(() => {
      timer[Symbol.dispose]();
      reject(new ControlError("CONTROL_NO_REPLY", "keeper hung up before it answered"));
    });
    channel.send({ ...ask, id: 0 });
  });
}

async function dial(parts: { readonly clock: Clock; readonly dialer: Dialer }, patienceMs: number) {
  const giveUpMs = parts.clock.monotonicMs() + patienceMs;
  for (;;) {
    try {
      return await parts.dialer.dial(AbortSignal.timeout(REPLY_MS));
    } catch (error) {
      if (parts.clock.monotonicMs() >= giveUpMs) {
        const why = error instanceof Error ? error.message : String(error);
        throw new ControlError(
          "CONTROL_UNREACHABLE",
          `no gateway answers on the control socket (${why}); is it running, and may you open the socket?`,
        );
      }
      await sleep(parts.clock, DIAL_RETRY_MS);
    }
  }
}
