import type { UplinkSnapshot } from "../../../agent/config/snapshot.ts";
import { openChannel } from "../../../agent/contract/channel.ts";
import type { Channel } from "../../../agent/contract/channel.ts";
import { decodeUplinkToKeeper } from "../../../agent/contract/decode.ts";
import type { Door } from "../../../agent/contract/door.ts";
import type { Configured, KeeperToUplink, UplinkToKeeper } from "../../../agent/contract/rooms.ts";
import type { ConfigReport } from "../../../agent/contract/report.ts";
import type { UplinkStatus } from "../../../agent/contract/uplink-status.ts";

/** `keeper`'s side of the conversation: offers a configuration on connecting, asks how it goes. */
export interface StandInKeeper extends AsyncDisposable {
  readonly answers: Configured[];
  offer(digest: string, part: unknown): void;
  notice(report: ConfigReport | null): void;
  /** The last status asked for, once it has come. */
  ask(): void;
  readonly status: () => UplinkStatus | undefined;
}

export async function standInKeeper(
  door: Door,
  digest: string,
  part: UplinkSnapshot | undefined,
): Promise<StandInKeeper> {
  let channel: Channel<KeeperToUplink> | undefined;
  let status: UplinkStatus | undefined;
  let asked = 0;
  const answers: Configured[] = [];
  const offer = (offered: string, content: unknown): void => {
    channel?.send({ kind: "configure", digest: offered, part: content as object });
  };
  const serving = await door.serve((stream) => {
    channel = openChannel<UplinkToKeeper, KeeperToUplink>(stream, decodeUplinkToKeeper, (message) => {
      if (message.kind === "configured") answers.push(message);
      else status = message.status;
    });
    if (part !== undefined) offer(digest, part);
  });
  return {
    answers,
    offer,
    notice: (configReport) => void channel?.send({ kind: "notice", configReport }),
    ask: () => void channel?.send({ kind: "status-query", id: asked++, points: false }),
    status: () => status,
    [Symbol.asyncDispose]: () => serving[Symbol.asyncDispose](),
  };
}
