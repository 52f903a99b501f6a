import type { Clock } from "../../../hal/clock.ts";
import type { Connection } from "../mqtt/connection.ts";

/** Connections that end one after another by the length of a message, before commands are no longer listened to. */
const CUTS_MAX = 3;
/** A cut that comes later than this after the last one is the first of its own. */
const CUTS_APART_MS_MAX = 10 * 60_000;
/** How long nobody listens then: a retained message costs so many connections an hour and not every one. */
const UNHEARD_MS = 3_600_000;

/** Whether commands are worth listening to on one broker, where no connection survives what is said there. */
export interface Hearing {
  /** A message ended the connection by its length alone. */
  cut(nowMs: number): void;
  /** For how long commands are still not listened to; 0 where they are. */
  unheardMs(nowMs: number): number;
}

/** Time is the caller's, in milliseconds that never go back. */
export function hearing(): Hearing {
  let cuts = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  let untilMs = Number.NEGATIVE_INFINITY;
  return {
    cut(nowMs) {
      cuts = nowMs - lastMs > CUTS_APART_MS_MAX ? 1 : cuts + 1;
      lastMs = nowMs;
      if (cuts >= CUTS_MAX) untilMs = nowMs + UNHEARD_MS;
    },
    unheardMs: (nowMs) => Math.max(0, untilMs - nowMs),
  };
}

/** What a connection does not subscribe to at once. */
export interface Unheard {
  readonly filters: readonly string[];
  readonly forMs: number;
}

/** Subscribes to it when its time is over, where the connection still stands. */
export function hearLater(clock: Clock, connection: Connection, { filters, forMs }: Unheard): void {
  const timer = clock.after(forMs, () => {
    // what goes wrong with it ends the connection, which says why
    connection.subscribe(filters).catch(() => {});
  });
  void connection.closed.then(() => timer[Symbol.dispose]());
}
