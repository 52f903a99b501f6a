import type { Clock } from "../../hal/clock.ts";
import { openChannel } from "../contract/channel.ts";
import type { Channel } from "../contract/channel.ts";
import type { Door } from "../contract/door.ts";
import type { Log } from "../contract/log.ts";
import type { Configure, Configured } from "../contract/rooms.ts";

/** How long a room has to answer a question before it counts as not answering. */
export const ANSWER_TIMEOUT_MS = 1_000;
/** Questions waiting for one room. A command line asks one at a time. */
const QUESTIONS_MAX = 64;

/** What `keeper` knows of one other room: its newest connection, what it runs, and questions it has not answered. */
export interface RoomLink<Out, Answer> extends AsyncDisposable {
  /** False where the room is not there now. */
  send(message: Out): boolean;
  /** Asks under an id of this connection. Null where the room is not there or does not answer within {@link ANSWER_TIMEOUT_MS}. */
  ask(question: (id: number) => Out): Promise<Answer | null>;
  /** Hands it a configuration, unless it is away, runs it already or has it in hand and has not answered yet. */
  configure(digest: string, part: object): void;
}

export interface RoomLinkHandlers {
  /** The room connected and said what it runs, or answered a `configure`. */
  configured(answer: Configured): void;
}

/** Waits at the door; a room that connects again replaces its former self. */
export async function openRoomLink<In extends { readonly kind: string }, Out, Answer extends { readonly id: number }>(
  parts: { readonly clock: Clock; readonly door: Door; readonly log: Log; readonly name: string },
  decode: (value: unknown) => In | undefined,
  answerOf: (message: In) => Answer | undefined,
  handlers: RoomLinkHandlers,
): Promise<RoomLink<Out, Answer>> {
  let channel: Channel<Out | Configure> | undefined;
  let running: string | undefined;
  let handed: string | undefined;
  let nextId = 0;
  const waiting = new Map<number, (answer: Answer | null) => void>();
  const forget = (): void => {
    channel = undefined;
    running = undefined;
    handed = undefined;
    for (const answer of waiting.values()) answer(null);
  };
  const serving = await parts.door.serve((stream) => {
    channel?.close();
    forget();
    const mine = openChannel<In, Out | Configure>(stream, decode, (message) => {
      if (channel !== mine) return;
      const reply = answerOf(message);
      if (reply !== undefined) waiting.get(reply.id)?.(reply);
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
    ask(question) {
      if (channel === undefined || waiting.size >= QUESTIONS_MAX) return Promise.resolve(null);
      const id = nextId++;
      return new Promise((resolve) => {
        const timer = parts.clock.after(ANSWER_TIMEOUT_MS, () => answered(null));
        const answered = (answer: Answer | null): void => {
          timer[Symbol.dispose]();
          waiting.delete(id);
          resolve(answer);
        };
        waiting.set(id, answered);
        channel?.send(question(id));
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
