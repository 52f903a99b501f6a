import { sleep } from "../../../hal/clock.ts";
import type { Clock } from "../../../hal/clock.ts";
import type { Network } from "../../../hal/network.ts";
import type { Log } from "../../contract/log.ts";
import type { CredentialSource, KeyExchange } from "../credentials.ts";
import { afterAttemptAt } from "../mqtt/reach.ts";
import type { ReturnPace } from "../pace/return-pace.ts";
import { recordBrokerFault } from "../state.ts";
import type { UplinkState } from "../state.ts";
import { afterHandshake, isStall, keyExchangeOf } from "./hybrid.ts";
import type { WayMemory } from "./memory.ts";
import { probe } from "./probe.ts";
import type { Way } from "./way.ts";

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

/** A way that costs bytes to look at, and fails, is passed over so often at most: after each failure 1, 3, 7 looks. */
const PASSED_OVER_MAX = 7;

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
  const looks = ways.slice(0, serving.way + 1).map((way) => ({ way, passOver: 0, left: 0 }));
  for (;;) {
    await sleep(clock, pace.nextMs(), signal);
    for (const [index, look] of looks.entries()) {
      const { way } = look;
      const due = keyExchangeOf(memory.of(way).hybrid, way.broker.hybridOnly, clock.monotonicMs());
      if (index === serving.way && due === serving.keyExchange) continue;
      if (look.left > 0) {
        look.left -= 1;
        continue;
      }
      const { answers, costly } = await lookAt(parts, way, due, signal);
      if (answers) return index;
      look.passOver = costly ? Math.min(PASSED_OVER_MAX, look.passOver * 2 + 1) : 0;
      look.left = look.passOver;
    }
  }
}

async function lookAt(
  { clock, network, log, credentials, memory, state }: BetterWayParts,
  way: Way,
  keyExchange: KeyExchange,
  signal: AbortSignal,
): Promise<{ readonly answers: boolean; readonly costly: boolean }> {
  const { shunned } = memory.of(way);
  const request = { credentials: () => credentials(way.broker, keyExchange), shunned };
  const { failure, reached, costly } = await probe({ clock, network }, way, request, signal);
  const result = failure === undefined ? "done" : isStall(failure) ? "stalled" : "other";
  await memory.learn(way, {
    hybrid: afterHandshake(memory.of(way).hybrid, keyExchange, result, clock.monotonicMs()),
    shunned: afterAttemptAt(shunned, reached, failure === undefined),
  });
  if (failure === undefined) return { answers: true, costly };
  const { code, message } = recordBrokerFault(state, clock, failure, way.broker);
  log.debug("way.still-away", { way: way.key, code, message });
  return { answers: false, costly };
}
