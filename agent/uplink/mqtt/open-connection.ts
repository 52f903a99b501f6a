import type { IClientOptions, IConnackPacket, MqttClient } from "mqtt";
import type { SecureContext } from "node:tls";
import type { Clock } from "../../../hal/clock.ts";
import { HalError } from "../../../hal/error.ts";
import type { ByteStream, Network } from "../../../hal/network.ts";
import { connectTls } from "../../../hal/tls.ts";
import type { BrokerSnapshot } from "../../config/snapshot.ts";
import { asUplinkError, connectionOf } from "./connection.ts";
import type { Connection } from "./connection.ts";
import { UplinkError } from "./fault.ts";
import type { UplinkErrorCode } from "./fault.ts";
import { packetGuard } from "./packet-guard.ts";
import type { ProtocolVersion } from "./protocol.ts";

/** QoS 1 messages a broker may have on the way to us. */
const RECEIVE_MAX = 16;
const IN_FLIGHT_MAX = 65_535;
/** Our own deadline ends an attempt; the library's is only there because it cannot be turned off. */
const LIBRARY_TIMEOUT_SLACK_MS = 60_000;
/** CONNACK return and reason codes that mean: not this version of MQTT. */
const VERSION_REFUSED = new Set([0x01, 0x84]);

export interface ConnectionRequest {
  readonly broker: BrokerSnapshot;
  /** leave by this network interface only */
  readonly interfaceName?: string | undefined;
  readonly context: SecureContext;
  readonly version: ProtocolVersion;
  /** Asked for when the next thing sent is CONNECT. */
  readonly will: () => Promise<{ readonly topic: string; readonly payload: Buffer }>;
  /** Subscribed to at QoS 1 before the connection counts as open. */
  readonly filters: readonly string[];
  /** The broker does not let us hear these; the connection stays, since data matters more. */
  subscribeRefused(filters: readonly string[]): void;
  message(topic: string, payload: Uint8Array, retained: boolean): void;
  /** The broker announced a packet of so many bytes; the connection is being cut. */
  oversize(bytes: number): void;
}

export interface ConnectionParts {
  readonly clock: Clock;
  readonly network: Network;
}

/**
 * TCP, TLS, CONNECT and SUBSCRIBE under one deadline.
 * @throws {UplinkError | HalError} which of the four failed and how; the signal's reason where it aborts
 */
export async function openConnection(
  { clock, network }: ConnectionParts,
  request: ConnectionRequest,
  signal: AbortSignal,
): Promise<Connection> {
  const { broker } = request;
  let late: UplinkErrorCode = "UPLINK_TCP_TIMEOUT";
  const attempt = new AbortController();
  const onAbort = (): void => attempt.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  using _deadline = clock.after(broker.connectTimeoutMs, () => {
    attempt.abort(new UplinkError(late, `nothing came of it in ${broker.connectTimeoutMs} ms`));
  });
  let stream: ByteStream | undefined;
  // loads while the network answers; awaited, and so reported, below
  const loading = import("mqtt");
  loading.catch(() => {});
  try {
    stream = await network.connect(targetOf(broker, request.interfaceName), attempt.signal);
    late = "UPLINK_TLS_TIMEOUT";
    stream = await connectTls(stream, { context: request.context, serverName: broker.serverName }, attempt.signal);
    late = "UPLINK_CONNACK_TIMEOUT";
    const will = await request.will();
    const { MqttClient } = await loading;
    attempt.signal.throwIfAborted();
    const connection = await converse(clock, MqttClient, stream, request, will, attempt.signal);
    late = "UPLINK_SUBACK_TIMEOUT";
    const refused = await orAborted(connection.subscribe(request.filters), attempt.signal);
    if (refused.length > 0) request.subscribeRefused(refused);
    return connection;
  } catch (error) {
    stream?.destroy();
    if (attempt.signal.aborted) throw attempt.signal.reason;
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function orAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    promise.then(resolve, reject);
  });
}

function targetOf({ host, port }: BrokerSnapshot, interfaceName: string | undefined) {
  return { kind: "tcp", host, port, ...(interfaceName === undefined ? {} : { interfaceName }) } as const;
}

function converse(
  clock: Clock,
  Client: typeof MqttClient,
  stream: ByteStream,
  request: ConnectionRequest,
  will: { readonly topic: string; readonly payload: Buffer },
  signal: AbortSignal,
): Promise<Connection> {
  const { broker, version } = request;
  return new Promise((resolve, reject) => {
    if (stream.destroyed) {
      reject(new UplinkError("UPLINK_CONNECT_CLOSED", "the broker closed the connection after the TLS handshake"));
      return;
    }
    let connection: Connection | undefined;
    const refuse = (why: UplinkError): void => {
      if (connection === undefined) reject(why);
      else connection.cut(why);
      stream.destroy();
    };
    const guard = packetGuard(broker.packetBytesMax, (violation) => {
      if (violation.kind === "too-large") request.oversize(violation.bytes);
      refuse(
        violation.kind === "too-large"
          ? new UplinkError(
              "UPLINK_PACKET_TOO_LARGE",
              `the broker announced a packet of ${violation.bytes} bytes, ${broker.packetBytesMax} allowed`,
            )
          : new UplinkError("UPLINK_PROTOCOL_ERROR", `the broker sent ${violation.message}`),
      );
    });
    const client = new Client(() => stream.on("data", guard), clientOptions(broker, version, will));
    // mqtt.js throws what nobody listens to, also long after its end
    client.on("error", (error) => reject(whyNot(error)));
    client.once("close", () => {
      reject(new UplinkError("UPLINK_CONNECT_CLOSED", "the broker closed the connection instead of answering CONNECT"));
    });
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    client.once("connect", (connack) => {
      connection = connectionOf(clock, client, stream, version, limitsOf(broker, connack));
      resolve(connection);
    });
    client.on("message", (topic, payload, packet) => request.message(topic, payload, packet.retain));
  });
}

function clientOptions(
  broker: BrokerSnapshot,
  version: ProtocolVersion,
  will: { readonly topic: string; readonly payload: Buffer },
): IClientOptions {
  return {
    protocolId: "MQTT",
    protocolVersion: version === "5" ? 5 : 4,
    clientId: broker.clientId,
    clean: true,
    keepalive: broker.keepaliveS,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    connectTimeout: broker.connectTimeoutMs + LIBRARY_TIMEOUT_SLACK_MS,
    // otherwise it keeps a buffer for each of 65 536 numbers
    writeCache: false,
    // its own would collect the arguments of every call, a fifth of all that this process allocates, to say nothing
    log: () => {},
    will: { ...will, qos: 1, retain: false },
    ...(version === "5"
      ? {
          properties: {
            sessionExpiryInterval: 0,
            receiveMaximum: RECEIVE_MAX,
            maximumPacketSize: broker.packetBytesMax,
          },
        }
      : {}),
  };
}

function limitsOf(broker: BrokerSnapshot, { properties }: IConnackPacket) {
  return {
    packetBytesMax: Math.min(broker.packetBytesMax, properties?.maximumPacketSize ?? broker.packetBytesMax),
    inFlightMax: properties?.receiveMaximum ?? IN_FLIGHT_MAX,
  };
}

/** An error before CONNACK: a refusal with its code, an alert about our certificate, or plain noise. */
function whyNot(error: Error): Error {
  if (error instanceof HalError) return error;
  if (error.name === "ErrorWithReasonCode" || "code" in error) {
    const { code } = error as { readonly code?: unknown };
    if (typeof code === "number") {
      return new UplinkError(
        VERSION_REFUSED.has(code) ? "UPLINK_PROTOCOL_REFUSED" : "UPLINK_BROKER_REFUSED",
        `the broker answered CONNECT with ${code}: ${error.message}`,
        { cause: error },
      );
    }
  }
  return asUplinkError(error);
}
