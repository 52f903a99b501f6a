import type { Clock } from "../../../hal/clock.ts";
import type { Network } from "../../../hal/network.ts";
import { peerCertificate } from "../../../hal/tls.ts";
import type { Connection } from "./connection.ts";
import { converse } from "./converse.ts";
import type { Conversation } from "./converse.ts";
import { UplinkError } from "./fault.ts";
import { watchPeerValidity } from "./peer-validity.ts";
import { TIMEOUTS } from "./steps.ts";
import type { Step, StepWatch } from "./steps.ts";
import { openTransport } from "./transport.ts";
import type { Transport, TransportRequest } from "./transport.ts";

export interface ConnectionRequest extends TransportRequest, Omit<Conversation, "will" | "password"> {
  /** Asked for when the next thing sent is CONNECT. */
  readonly will: () => Promise<Conversation["will"]>;
  /** Subscribed to at QoS 1 before the connection counts as open. */
  readonly filters: readonly string[];
  /** The broker does not let us hear these; the connection stays, since data matters more. */
  subscribeRefused(filters: readonly string[]): void;
  readonly watch?: StepWatch;
}

export interface ConnectionParts {
  readonly clock: Clock;
  readonly network: Network;
}

/**
 * Every {@link Step} to a broker, CONNECT and SUBSCRIBE included, under one deadline: `broker.connectTimeoutMs`.
 * @throws {UplinkError | HalError} which of them failed and how; the signal's reason where it aborts
 */
export async function openConnection(
  { clock, network }: ConnectionParts,
  request: ConnectionRequest,
  signal: AbortSignal,
): Promise<Connection> {
  const { broker, credentials, watch } = request;
  let late: Step = "tcp";
  const steps: StepWatch = {
    begun(step) {
      late = step;
      watch?.begun(step);
    },
    taken: (taken) => watch?.taken(taken),
    missed: (error) => watch?.missed?.(error),
  };
  const attempt = new AbortController();
  const onAbort = (): void => attempt.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  using _deadline = clock.after(broker.connectTimeoutMs, () => {
    attempt.abort(new UplinkError(TIMEOUTS[late], `nothing came of it in ${broker.connectTimeoutMs} ms`));
  });
  let transport: Transport | undefined;
  // loads while the network answers; awaited, and so reported, below
  const loading = import("mqtt");
  loading.catch(() => {});
  try {
    transport = await openTransport(network, request, steps, attempt.signal);
    steps.begun("mqtt");
    const conversation = { ...request, will: await request.will(), password: credentials.password };
    const { MqttClient } = await loading;
    attempt.signal.throwIfAborted();
    const { connection, welcome } = await converse(clock, MqttClient, transport, conversation, attempt.signal);
    guardValidity(clock, transport, connection);
    steps.taken({ step: "mqtt", welcome });
    if (request.filters.length === 0) return connection;
    steps.begun("subscribe");
    const refused = await orAborted(connection.subscribe(request.filters).catch(hungUp), attempt.signal);
    if (refused.length > 0) request.subscribeRefused(refused);
    steps.taken({ step: "subscribe", refused });
    return connection;
  } catch (error) {
    transport?.stream.destroy();
    transport?.socket.destroy();
    if (signal.aborted) throw signal.reason;
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Some brokers end the connection over a topic that their rules forbid, instead of saying so. */
function hungUp(error: UplinkError): never {
  if (error.code !== "UPLINK_CONNECTION_LOST") throw error;
  const said = `${error.message} instead of an answer to SUBSCRIBE: the broker's rules may forbid these topics`;
  throw new UplinkError(error.code, said, { cause: error });
}

/** The gateway trusts no one above it, also not for longer than was vouched for. */
function guardValidity(clock: Clock, { secure }: Transport, connection: Connection): void {
  const peer = peerCertificate(secure);
  if (peer === undefined) return;
  const guard = watchPeerValidity(clock, peer, () => {
    connection.cut(new UplinkError("UPLINK_BROKER_EXPIRED", `the broker's certificate ended ${peer.validTo}`));
  });
  void connection.closed.then(() => guard[Symbol.dispose]());
}

function orAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    promise.then(resolve, reject);
  });
}
