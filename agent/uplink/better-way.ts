import type { Clock } from "../../hal/clock.ts";
import { sleep } from "../../hal/clock.ts";
import type { Network } from "../../hal/network.ts";
import type { Log } from "../contract/log.ts";
import type { CredentialSource, KeyExchange } from "./credentials.ts";
import { afterHandshake, isStall, keyExchangeOf } from "./hybrid.ts";
import { probe } from "./probe.ts";
import type { ReturnPace } from "./return-pace.ts";
import { recordBrokerFault } from "./state.ts";
import type { UplinkState } from "./state.ts";
import type { WayMemory } from "./way-memory.ts";
import type { Way } from "./ways.ts";

export interface BetterWayParts {
  readonly clock: Clock;
  readonly network: Network;
  readonly log: Log;
  readonly credentials: CredentialSource;
  readonly memory: WayMemory;
  readonly state: UplinkState;
}

/** The way that serves, and with which key exchange. */
export interface Serving {
  readonly way: number;
  readonly keyExchange: KeyExchange;
}

/**
 * Looks from time to time, while one way serves undisturbed, whether a better one answers: one further up the list, or
 * the same with the hybrid key exchange where that is due again. Resolves with its index.
 * @throws the signal's reason
 */
export async function betterWay(
  parts: BetterWayParts,
  ways: readonly Way[],
  serving: Serving,
  pace: ReturnPace,
  signal: AbortSignal,
): Promise<number> {
  const { clock, memory } = parts;
  for (;;) {
    await sleep(clock, pace.nextMs(), signal);
    for (const [index, way] of ways.slice(0, serving.way + 1).entries()) {
      const { hybrid } = memory.of(way);
      const due = keyExchangeOf(hybrid, way.broker.hybridOnly, clock.monotonicMs());
      if (index === serving.way && due === serving.keyExchange) continue;
      if (await answers(parts, way, due, signal)) return index;
    }
  }
}

async function answers(
  { clock, network, log, credentials, memory, state }: BetterWayParts,
  way: Way,
  keyExchange: KeyExchange,
  signal: AbortSignal,
): Promise<boolean> {
  let failure: unknown;
  try {
    await probe({ clock, network }, way, await credentials(way.broker, keyExchange), signal);
  } catch (error) {
    if (signal.aborted) throw error;
    failure = error;
  }
  const result = failure === undefined ? "done" : isStall(failure) ? "stalled" : "other";
  await memory.learn(way, { hybrid: afterHandshake(memory.of(way).hybrid, keyExchange, result, clock.monotonicMs()) });
  if (failure === undefined) return true;
  const { code, message } = recordBrokerFault(state, clock, failure, way.broker);
  log.debug("way.still-away", { way: way.key, code, message });
  return false;
}
