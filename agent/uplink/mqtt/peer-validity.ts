import type { X509Certificate } from "node:crypto";
import type { Clock, Timer } from "../../../hal/clock.ts";

/** How often the wall clock is asked: it may be set meanwhile, and no timer is longer than the longest there is. */
const LOOK_MS = 600_000;

/**
 * Calls `ended` once, when the certificate's time is over on a trusted clock; on one that is not, never: a clock nobody
 * vouches for must not take a gateway off its broker. A handshake judges a certificate once, and a connection may last
 * for years.
 */
export function watchPeerValidity(clock: Clock, peer: X509Certificate, ended: () => void): Disposable {
  const endsMs = peer.validToDate.getTime();
  let timer: Timer;
  const look = (): void => {
    const { unixMs, trust } = clock.wall();
    if (trust === "trusted" && unixMs > endsMs) {
      ended();
      return;
    }
    const leftMs = endsMs - unixMs + 1;
    // over by a clock that nobody vouches for: it may be set, and until then there is nothing to see
    timer = clock.after(leftMs > 0 ? Math.min(LOOK_MS, leftMs) : LOOK_MS, look);
  };
  timer = clock.after(0, look);
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}
