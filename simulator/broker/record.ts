import type { Clock } from "../../hal/clock.ts";

/** Publications kept; when there are more, the older half goes. */
const KEPT_MAX = 100_000;

/** One PUBLISH as the broker took it, before it acknowledged it. */
export interface Received {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  /** published by the broker because the connection ended without a goodbye */
  readonly will: boolean;
  /** common name of the client's certificate */
  readonly identity: string;
  readonly clientId: string;
  /** monotonic */
  readonly atMs: number;
}

/** What the broker remembers for whoever checks it afterwards. */
export interface PublishRecord {
  readonly kept: readonly Received[];
  add(received: Omit<Received, "atMs">): void;
  watch(listener: (received: Received) => void): Disposable;
}

export function publishRecord(clock: Clock): PublishRecord {
  const kept: Received[] = [];
  const listeners = new Set<(received: Received) => void>();
  return {
    kept,
    add(publication) {
      const received = { ...publication, atMs: clock.monotonicMs() };
      if (kept.length >= KEPT_MAX) kept.splice(0, KEPT_MAX / 2);
      kept.push(received);
      for (const listener of listeners) listener(received);
    },
    watch(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
