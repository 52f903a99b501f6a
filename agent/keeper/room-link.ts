import type { Clock } from "../../hal/clock.ts";
import { openChannel } from "../contract/channel.ts";
import type { Channel } from "../contract/channel.ts";
import type { Door } from "../contract/door.ts";
import type { Log } from "../contract/log.ts";
import type { Configure, Configured, StatusQuery } from "../contract/rooms.ts";

/** How long a room has to answer a status query before it counts as not answering. */
export const STATUS_TIMEOUT_MS = 1_000;
/** Status queries waiting for one room. A command line asks one at a time. */
const QUERIES_MAX = 64;

/** What `keeper` knows of one other room: its newest connection, what it runs, and questions it has not answered. */
export interface RoomLink<Out, Status> extends AsyncDisposable {
  /** False where the room is not there now. */
  send(message: Out): boolean;
  /** Null where the room is not there or does not answer within {@link STATUS_TIMEOUT_MS}. */
  status(points: boolean): Promise<Status | null>;
  /** Hands it a configuration, unless it is away, runs it already or has it in hand and has not answered yet. */
  configure(digest: string, part: object): void;
}

export interface RoomLinkHandlers {
  /** The room connected and said what it runs, or answered a `configure`. */
  configured(answer: Configured): void;
}

type StatusReply<Status> = { readonly id: number; readonly status: Status };

/** Waits at the door; a room that connects again replaces its former self. */
export async function openRoomLink<In extends { readonly kind: string }, Out, Status>(
  parts: { readonly clock: Clock; readonly door: Door; readonly log: Log; readonly name: string },
  decode: (value: unknown) => In | undefined,
  statusOf: (message: In) => StatusReply<Status> | undefined,
  handlers: RoomLinkHandlers,
): Promise<RoomLink<Out, Status>> {
  let channel: Channel<Out | StatusQuery | Configure> | undefined;
  let running: string | undefined;
  let handed: string | undefined;
  let nextId = 0;
  const waiting = new Map<number, (status: Status | null) => void>();
  const forget = (): void => {
    channel = undefined;
    running = undefined;
    handed = undefined;
    for (const answer of waiting.values()) answer(null);
  };
  const serving = await parts.door.serve((stream) => {
    channel?.close();
    forget();
    const mine = openChannel<In, Out | StatusQuery | Configure>(stream, decode, (message) => {
      if (channel !== mine) return;
      const reply = statusOf(message);
      if (reply !== undefined) waiting.get(reply.id)?.(reply.status);
      else if (isConfigured(message)) {
        running = message.digest;
        handed = undefined;
        handlers.configured(message);
      }
    });
    channel = mine;
    parts.log.info("room.connected", { peer: parts.name });
    void mine.closed.then((refusal) => {
      if (channel !== mine) return;
      forget();
      parts.log.warn("room.disconnected", { peer: parts.name, code: refusal?.code });
    });
  });
  return {
    send(message) {
      if (channel === undefined) return false;
      channel.send(message);
      return true;
    },
    configure(digest, part) {
      if (running === undefined || (handed ?? running) === digest) return;
      handed = digest;
      channel?.send({ kind: "configure", digest, part: { ...part } });
    },
    status(points) {
      if (channel === undefined || waiting.size >= QUERIES_MAX) return Promise.resolve(null);
      const id = nextId++;
      return new Promise((resolve) => {
        const timer = parts.clock.after(STATUS_TIMEOUT_MS, () => answer(null));
        const answer = (status: Status | null): void => {
          timer[Symbol.dispose]();
          waiting.delete(id);
          resolve(status);
        };
        waiting.set(id, answer);
        channel?.send({ kind: "status-query", id, points });
      });
    },
    async [Symbol.asyncDispose]() {
      channel?.close();
      forget();
      await serving[Symbol.asyncDispose]();
    },
  };
}

function isConfigured(message: { readonly kind: string }): message is Configured {
  return message.kind === "configured";
}
