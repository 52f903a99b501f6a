import type { Clock } from "../../hal/clock.ts";
import type { Network } from "../../hal/network.ts";
import type { BrokerCredentials } from "./credentials.ts";
import { UplinkError } from "./mqtt/fault.ts";
import { TIMEOUTS } from "./mqtt/steps.ts";
import type { Step } from "./mqtt/steps.ts";
import { openTransport } from "./mqtt/transport.ts";
import type { Way } from "./ways.ts";

/**
 * Whether a way leads to its broker now: as far as TLS and, where that is spoken, WebSocket, and then away again. It says
 * nothing in MQTT, since the client identifier is in use by the session that still serves.
 * @throws {UplinkError | HalError} as an attempt to connect would; the signal's reason where it aborts
 */
export async function probe(
  { clock, network }: { readonly clock: Clock; readonly network: Network },
  { broker, interfaceName }: Way,
  credentials: BrokerCredentials,
  signal: AbortSignal,
): Promise<void> {
  const { connectTimeoutMs } = broker;
  let late: Step = "tcp";
  const over = new AbortController();
  using _deadline = clock.after(connectTimeoutMs, () => {
    over.abort(new UplinkError(TIMEOUTS[late], `nothing came of it in ${connectTimeoutMs} ms`));
  });
  const watch = { begun: (step: Step) => void (late = step), taken() {} };
  const until = AbortSignal.any([signal, over.signal]);
  const { stream, socket } = await openTransport(network, { broker, interfaceName, credentials }, watch, until);
  stream.destroy();
  socket.destroy();
}
