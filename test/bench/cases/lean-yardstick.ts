import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cpuMs } from "../machine/process-stat.ts";
import { startPeer } from "../machine/peer.ts";
import type { LeanCount, LeanOptions } from "../peers/lean-poller.process.ts";

const FILE = join(import.meta.dirname, "..", "peers", "lean-poller.process.ts");
const WARM_UP_MS = 3_000;
const WINDOW_MS = 8_000;

/** What the same requests cost with `node:net` alone, % of one core. */
export async function leanCpuPercent(options: LeanOptions, signal: AbortSignal): Promise<number> {
  await using poller = await startPeer<object, LeanCount>(FILE, options);
  await sleep(WARM_UP_MS, undefined, { signal });
  const startMs = performance.now();
  const startCpuMs = cpuMs([poller.pid]);
  const before = await poller.ask("count");
  await sleep(WINDOW_MS, undefined, { signal });
  const elapsedMs = performance.now() - startMs;
  const percent = ((cpuMs([poller.pid]) - startCpuMs) * 100) / elapsedMs;
  const after = await poller.ask("count");
  const expected = (options.devices * elapsedMs) / options.pollMs;
  if (after.replies - before.replies < expected * 0.95) throw new Error("the simulated devices cannot keep up");
  return percent;
}
