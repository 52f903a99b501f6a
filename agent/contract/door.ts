import { duplexPair } from "node:stream";
import type { ByteStream } from "../../hal/network.ts";

/** Where a room waits for another room. One pair of rooms, one door: the path is the peer's identity. */
export interface Door {
  serve(accept: (stream: ByteStream) => void): Promise<AsyncDisposable>;
}

/** How a room reaches another room's door. Rejects while nobody waits there; callers retry. */
export interface Dialer {
  dial(signal: AbortSignal): Promise<ByteStream>;
}

/** Both ends of a door inside one process. */
export function memoryDoor(): { readonly door: Door; readonly dialer: Dialer } {
  let waiting: ((stream: ByteStream) => void) | undefined;
  const open = new Set<ByteStream>();
  return {
    door: {
      serve(accept) {
        waiting = accept;
        return Promise.resolve({
          [Symbol.asyncDispose](): Promise<void> {
            waiting = undefined;
            for (const stream of open) stream.destroy();
            open.clear();
            return Promise.resolve();
          },
        });
      },
    },
    dialer: {
      dial() {
        if (waiting === undefined) return Promise.reject(new Error("nobody waits at this door"));
        const [near, far] = duplexPair();
        // a pair is one connection: the end of either half is the end of both
        near.once("close", () => far.destroy());
        far.once("close", () => near.destroy());
        for (const half of [near, far]) {
          half.on("error", () => {});
          open.add(half);
          half.once("close", () => open.delete(half));
        }
        waiting(far);
        return Promise.resolve(near);
      },
    },
  };
}
