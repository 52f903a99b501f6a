import type { Socket } from "node:net";

/** Silence after which the next address is tried beside the ones before it. @see RFC 8305 §5, Connection Attempt Delay */
const STAGGER_MS = 250;

export type Way = (signal: AbortSignal) => Promise<Socket>;

/**
 * The first of several ways to connect that succeeds, tried in their order: each once the one before it has failed or
 * been silent for {@link STAGGER_MS}. Node's own `autoSelectFamily` gives up what it tried before and binds to no
 * local address. The others are destroyed.
 * @throws what the last of them to fail was refused with, or the signal's reason
 */
export function firstWay(ways: readonly Way[], signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const both = AbortSignal.any([signal, over.signal]);
    let [begun, failed] = [0, 0];
    let timer: NodeJS.Timeout | undefined;
    const begin = (): void => {
      clearTimeout(timer);
      const way = ways[begun];
      if (way === undefined) return;
      begun++;
      timer = setTimeout(begin, STAGGER_MS);
      way(both).then(onConnect, onFailure);
    };
    const end = (): void => {
      clearTimeout(timer);
      over.abort();
    };
    const onConnect = (socket: Socket): void => {
      if (over.signal.aborted) return void socket.destroy();
      end();
      resolve(socket);
    };
    const onFailure = (error: Error): void => {
      failed++;
      if (over.signal.aborted) return;
      if (failed < ways.length && !signal.aborted) return begin();
      end();
      reject(error);
    };
    begin();
  });
}
