import { openChannel } from "../contract/channel.ts";
import type { Channel } from "../contract/channel.ts";
import { decodeControlRequest } from "../contract/decode.ts";
import type { Door } from "../contract/door.ts";
import type { ControlReply, ControlRequest } from "../contract/rooms.ts";

/** Command lines connected at once; one more is hung up on. */
export const CONTROL_CONNECTIONS_MAX = 16;

/**
 * The local control socket: the only listener that exists before someone configures another. Who may open it is the
 * folder's business (root and one group).
 */
export async function openControl(
  door: Door,
  answer: (request: ControlRequest) => Promise<ControlReply>,
): Promise<AsyncDisposable> {
  const open = new Set<Channel<ControlReply>>();
  const serving = await door.serve((stream) => {
    if (open.size >= CONTROL_CONNECTIONS_MAX) {
      stream.destroy();
      return;
    }
    const channel = openChannel<ControlRequest, ControlReply>(stream, decodeControlRequest, (request) => {
      void answer(request).then((reply) => channel.send(reply));
    });
    open.add(channel);
    void channel.closed.then(() => open.delete(channel));
  });
  return {
    async [Symbol.asyncDispose]() {
      for (const channel of open) channel.close();
      await serving[Symbol.asyncDispose]();
    },
  };
}
