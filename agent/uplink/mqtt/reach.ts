import { isIP } from "node:net";
import { HalError } from "../../../hal/error.ts";
import type { Network, NetworkStream } from "../../../hal/network.ts";
import type { BrokerSnapshot } from "../../config/snapshot.ts";
import { UplinkError } from "./fault.ts";

/** Of one name, in one attempt; a resolver could hand out others for ever. */
const ADDRESSES_MAX = 16;

export interface ReachRequest {
  readonly broker: BrokerSnapshot;
  /** leave by this network interface only */
  readonly interfaceName?: string | undefined;
  /** addresses that are tried only where there is no other, see {@link afterAttemptAt} */
  readonly shunned?: readonly string[];
}

/** Whoever the gateway connects to, the broker or its proxy, at one of its name's addresses after another. */
export interface Reach {
  /**
   * A connection to an address that was not yet reached.
   * @throws {UplinkError | HalError} as it fails; the signal's reason where it aborts
   */
  next(signal: AbortSignal): Promise<NetworkStream>;
  /** Whether it could be worth asking for another: what was reached is one address of a name. */
  mayHaveMore(): boolean;
}

export function reach(network: Network, { broker, interfaceName, shunned = [] }: ReachRequest): Reach {
  const { proxy } = broker;
  const host = proxy?.host ?? broker.host;
  const target = {
    kind: "tcp",
    host,
    port: proxy?.port ?? broker.port,
    ...(interfaceName === undefined ? {} : { interfaceName }),
  } as const;
  const reached: string[] = [];
  let avoided = shunned;
  const connect = async (signal: AbortSignal): Promise<NetworkStream> => {
    const except = [...reached, ...avoided];
    try {
      return await network.connect({ ...target, ...(except.length === 0 ? {} : { except }) }, signal);
    } catch (error) {
      if (avoided.length === 0 || signal.aborted) throw error;
      // none of the others is better: a new round
      avoided = [];
      return connect(signal);
    }
  };
  return {
    async next(signal) {
      try {
        const stream = await connect(signal);
        if (stream.remoteAddress !== undefined) reached.push(stream.remoteAddress);
        return stream;
      } catch (error) {
        // the interface's own trouble has nothing to do with who is at its other end
        if (proxy === undefined || !(error instanceof HalError) || error.code.startsWith("HAL_INTERFACE_")) throw error;
        throw new UplinkError("UPLINK_PROXY_AWAY", `the proxy is not reached: ${error.message}`, { cause: error });
      }
    },
    mayHaveMore: () => isIP(host) === 0 && reached.length > 0 && reached.length < ADDRESSES_MAX,
  };
}

/** Shunned addresses kept of one name. */
const SHUNNED_MAX = 16;

/**
 * The addresses of a name to shun after an attempt: those that were reached by TCP and came to nothing, so that the next
 * attempt begins elsewhere. One that comes again, since there was no other, begins a new round, and so does an attempt
 * that reached none: those that were shunned may be well again.
 * @param reached in their order; where the attempt succeeded, the last of them is the good one
 */
export function afterAttemptAt(
  shunned: readonly string[],
  reached: readonly string[],
  succeeded: boolean,
): readonly string[] {
  if (reached.length === 0) return [];
  let after = [...shunned];
  for (const address of succeeded ? reached.slice(0, -1) : reached) {
    after = after.includes(address) ? [address] : [...after, address].slice(-SHUNNED_MAX);
  }
  return after;
}
