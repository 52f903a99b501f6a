import { setTimeout as pause } from "node:timers/promises";

/** Longest wait for something real: far beyond what any of it takes, so that only a hang fails. */
const PATIENCE_MS = 15_000;

/** Resolves once `condition` holds, in real time. */
export async function really(condition: () => boolean): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`still not so after ${PATIENCE_MS} ms: ${condition.toString()}`);
    await pause(1);
  }
}

/** Resolves after a few turns of the event loop: what could happen at once has happened. */
export async function turns(count = 50): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
