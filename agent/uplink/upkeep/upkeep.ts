import { every } from "../../../hal/clock.ts";
import type { Clock } from "../../../hal/clock.ts";
import type { Network } from "../../../hal/network.ts";
import type { Log } from "../../contract/log.ts";
import type { Connection } from "../mqtt/connection.ts";
import { UplinkError } from "../mqtt/fault.ts";
import type { UplinkState } from "../state.ts";
import type { WayMemory } from "../way/memory.ts";
import type { Way } from "../way/way.ts";
import { longerPause } from "./ping-pause.ts";
import { silence } from "./silence.ts";

/** How often a connection is looked after: an interface that goes down is left within this. */
export const LOOK_MS = 1_000;
/** A PINGREQ of ours that is not answered by then never will be. */
export const PING_ANSWERED_MS_MAX = 15_000;

export interface UpkeepParts {
  readonly clock: Clock;
  readonly network: Network;
  readonly log: Log;
  readonly memory: WayMemory;
  readonly state: UplinkState;
}

/** Looks after one connection until it is disposed. */
export interface Upkeep extends Disposable {
  /** Seconds of silence that preceded what was never answered; 0 where the connection did not die of silence. */
  deathSilenceS(): number;
}

/**
 * What a connection needs beside its session: PINGREQ in pauses that the way's NATs bear, an end as soon as its interface
 * is gone, since nothing would ever say so on the connection itself, and `touch` at every look.
 */
export function keepUp(parts: UpkeepParts, way: Way, connection: Connection, touch: () => void): Upkeep {
  const { clock, network, memory, state } = parts;
  const { interfaceName } = way;
  const { localAddress } = connection;
  const quiet = silence(clock.monotonicMs());
  const pings = pinger(parts, way, connection);
  const look = (): void => {
    const nowMs = clock.monotonicMs();
    quiet.look(connection.traffic(), nowMs);
    const addresses = interfaceName === undefined ? undefined : network.interfaceAddresses(interfaceName);
    if (localAddress !== undefined && addresses?.includes(localAddress) === false) {
      connection.cut(new UplinkError("UPLINK_INTERFACE_DOWN", `${interfaceName} has lost its link or its address`));
    }
    pings.look(quiet.receivedMs(), nowMs);
    state.pingS = Math.min(connection.welcome.keepaliveS, memory.of(way).ping.pingS);
    touch();
  };
  const looks = every(clock, LOOK_MS, look);
  look();
  return {
    deathSilenceS() {
      quiet.look(connection.traffic(), clock.monotonicMs());
      return quiet.unansweredMs() / 1_000;
    },
    [Symbol.dispose]: () => looks[Symbol.dispose](),
  };
}

/** Beside the library's, which follow the keep-alive that CONNECT declared. */
function pinger({ clock, log, memory }: UpkeepParts, way: Way, connection: Connection) {
  let sinceMs = clock.monotonicMs();
  let sentMs: number | undefined;
  return {
    look(receivedMs: number, nowMs: number): void {
      const { ping } = memory.of(way);
      const longer = longerPause(ping, nowMs - sinceMs, way.broker);
      if (longer !== undefined) {
        sinceMs = nowMs;
        log.info("ping.longer", { way: way.key, pingS: longer.pingS });
        void memory.learn(way, { ping: longer });
      }
      if (sentMs !== undefined && receivedMs >= sentMs) sentMs = undefined;
      if (sentMs === undefined) {
        if (ping.pingS >= connection.welcome.keepaliveS || nowMs - receivedMs < ping.pingS * 1_000) return;
        sentMs = nowMs;
        connection.ping();
      } else if (nowMs - sentMs >= PING_ANSWERED_MS_MAX) {
        connection.cut(new UplinkError("UPLINK_KEEPALIVE_TIMEOUT", "PINGREQ was never answered"));
      }
    },
  };
}
