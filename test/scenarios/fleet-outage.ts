import type { Received } from "../../simulator/broker/index.ts";
import { busiestSecond } from "./fleet.ts";
import type { Fleet } from "./fleet.ts";

const SECOND_MS = 1_000;

/** What a broker saw of a fleet from the moment it was there again. */
export interface Return {
  /** when the last of the fleet was connected, after the broker's return */
  readonly allBackMs: number;
  /** when the middle one was */
  readonly halfBackMs: number;
  /** in the busiest second */
  readonly attemptsPerSecond: number;
  readonly birthsPerSecond: number;
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  /** from a gateway's birth until everything it held was acknowledged; the slowest of all */
  readonly slowestDrainMs: number;
}

/**
 * The broker is away for `awayMs`; then watches its fleet return for `watchMs`.
 * @throws {Error} where one did not return, or did not get rid of what it held
 */
export async function brokerOutage(fleet: Fleet, awayMs: number, watchMs: number): Promise<Return> {
  const { clock, broker, gateways, attempts } = fleet;
  await broker.stop();
  await clock.advance(awayMs);
  const backMs = clock.monotonicMs();
  const heard: Received[] = [];
  using _watch = broker.record.watch((received) => heard.push(received));
  await broker.start();
  const held = new Map(gateways.map(({ device }) => [device, fleet.progress(device).sampled]));
  const drainedMs = new Map<string, number>();
  for (let passed = 0; passed < watchMs; passed += SECOND_MS) {
    await clock.advance(SECOND_MS);
    for (const [device, sampled] of held) {
      if (fleet.progress(device).acknowledged < sampled) continue;
      held.delete(device);
      drainedMs.set(device, clock.monotonicMs());
    }
  }
  const births = heard.filter(({ topic }) => topic.includes("/NBIRTH/"));
  const bornMs = new Map(births.map(({ topic, atMs }) => [topic.split("/").at(-1) ?? "", atMs]));
  const missing = gateways.filter(({ device }) => !bornMs.has(device) || !drainedMs.has(device));
  if (missing.length > 0) {
    throw new Error(`${missing.length} gateways were not back or not drained in ${watchMs} ms: ${missing[0]?.device}…`);
  }
  const back = births.map(({ atMs }) => atMs - backMs).toSorted((a, b) => a - b);
  return {
    allBackMs: back.at(-1) ?? Number.NaN,
    halfBackMs: back[back.length >> 1] ?? Number.NaN,
    attemptsPerSecond: busiestSecond(attempts.filter((atMs) => atMs >= backMs)),
    birthsPerSecond: busiestSecond(births.map(({ atMs }) => atMs)),
    messagesPerSecond: busiestSecond(heard.map(({ atMs }) => atMs)),
    bytesPerSecond: busiestBytes(heard),
    slowestDrainMs: Math.max(
      ...gateways.map(({ device }) => (drainedMs.get(device) ?? Number.NaN) - (bornMs.get(device) ?? Number.NaN)),
    ),
  };
}

/** Topics and payloads of whole seconds. */
function busiestBytes(heard: readonly Received[]): number {
  const bySecond = new Map<number, number>();
  for (const { atMs, topic, payload } of heard) {
    const second = Math.floor(atMs / SECOND_MS);
    bySecond.set(second, (bySecond.get(second) ?? 0) + topic.length + payload.length);
  }
  return Math.max(0, ...bySecond.values());
}
