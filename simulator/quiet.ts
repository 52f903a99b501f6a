import { setImmediate as nextRound } from "node:timers";

/** Turns of the event loop after which a world that still has work to do is taken for one that never rests. */
const ROUNDS_MAX = 5_000_000;

/**
 * Resolves once nothing that real code started is still under way: microtasks, `nextTick`, `setImmediate` and
 * file work. Streams and TLS in memory need all of those and no time. Thread-pool crypto and zlib cannot be seen from
 * here: what must be deterministic does them on the main thread or through `hal`.
 *
 * Node runs ticks and microtasks to the end between two immediates, so when one of ours comes round and no other is
 * queued, nothing else is.
 */
export async function untilQuiet(): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const busy = await new Promise<boolean>((resolve) => {
      nextRound(() => resolve(process.getActiveResourcesInfo().some(isWork)));
    });
    if (!busy) return;
  }
  throw new Error(`the world is still busy after ${ROUNDS_MAX} turns of the event loop`);
}

/** Sockets and timers of the test runner are alive for good and are nobody's work. */
function isWork(resource: string): boolean {
  return resource === "Immediate" || resource === "CloseReq" || resource.startsWith("FSReq");
}
