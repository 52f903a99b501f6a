import type { Datagrams } from "../../../hal/datagram.ts";
import type { Crossed } from "./counted-network.ts";

/** Datagrams, and what has crossed every conversation opened through it, as UDP carried it. */
export interface CountedDatagrams {
  readonly datagrams: Datagrams;
  crossed(): Crossed;
}

export function countedDatagrams(datagrams: Datagrams): CountedDatagrams {
  let sent = 0;
  let received = 0;
  return {
    datagrams: {
      async open(peer, listener, signal) {
        const hear = (bytes: Uint8Array): void => {
          received += bytes.length;
          listener(bytes);
        };
        const socket = await datagrams.open(peer, hear, signal);
        return {
          async send(bytes) {
            await socket.send(bytes);
            sent += bytes.length;
          },
          [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose](),
        };
      },
    },
    crossed: () => ({ sent, received }),
  };
}
