import type { Clock } from "../../../hal/clock.ts";
import type { Network } from "../../../hal/network.ts";
import type { BrokerCredentials } from "../credentials.ts";
import { UplinkError } from "../mqtt/fault.ts";
import { TIMEOUTS } from "../mqtt/steps.ts";
import type { Step, StepWatch } from "../mqtt/steps.ts";
import { openTransport } from "../mqtt/transport.ts";
import type { Way } from "./way.ts";

export interface ProbeRequest {
  readonly credentials: () => Promise<BrokerCredentials>;
  readonly shunned: readonly string[];
}

export interface Probed {
  /** undefined: the way leads to its broker */
  readonly failure: unknown;
  /** addresses that TCP reached, in their order */
  readonly reached: readonly string[];
  /** TLS was begun, whose certificates are what a probe costs: several kilobytes, where a closed port costs a packet or two */
  readonly costly: boolean;
}

/**
 * Whether a way leads to its broker now: as far as TLS and, where that is spoken, WebSocket, and then away again. It says
 * nothing in MQTT, since the client identifier is in use by the session that still serves.
 * @throws the signal's reason where it aborts, and nothing else
 */
export async function probe(
  { clock, network }: { readonly clock: Clock; readonly network: Network },
  { broker, interfaceName }: Way,
  { credentials, shunned }: ProbeRequest,
  signal: AbortSignal,
): Promise<Probed> {
  const { connectTimeoutMs } = broker;
  const reached: string[] = [];
  let step: Step = "tcp";
  let costly = false;
  const over = new AbortController();
  using _deadline = clock.after(connectTimeoutMs, () => {
    over.abort(new UplinkError(TIMEOUTS[step], `nothing came of it in ${connectTimeoutMs} ms`));
  });
  const watch: StepWatch = {
    begun(begun) {
      step = begun;
      costly ||= begun === "tls";
    },
    taken(taken) {
      if (taken.step === "tcp" && taken.remoteAddress !== "") reached.push(taken.remoteAddress);
    },
  };
  const until = AbortSignal.any([signal, over.signal]);
  try {
    const request = { broker, interfaceName, shunned, credentials: await credentials() };
    const { stream, socket } = await openTransport(network, request, watch, until);
    stream.destroy();
    socket.destroy();
    return { failure: undefined, reached, costly };
  } catch (failure) {
    signal.throwIfAborted();
    return { failure, reached, costly };
  }
}
