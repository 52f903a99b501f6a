import type { IClientOptions, IConnackPacket, MqttClient } from "mqtt";
import type { Clock } from "../../../hal/clock.ts";
import { HalError } from "../../../hal/error.ts";
import type { BrokerSnapshot } from "../../config/snapshot.ts";
import { asUplinkError, connectionOf } from "./connection.ts";
import type { Connection } from "./connection.ts";
import { UplinkError } from "./fault.ts";
import { packetGuard } from "./packet-guard.ts";
import type { ProtocolVersion } from "./protocol.ts";
import type { Transport } from "./transport.ts";
import { refusalOf, welcomeOf } from "./welcome.ts";
import type { Welcome } from "./welcome.ts";

/** QoS 1 messages a broker may have on the way to us. */
const RECEIVE_MAX = 16;
/** Our own deadline ends an attempt; the library's is only there because it cannot be turned off. */
const LIBRARY_TIMEOUT_SLACK_MS = 60_000;

/**
 * In MQTT 3.1.1 nobody can tell a broker how long a message may be, so one up to this is heard out and dropped: to cut
 * it short is to end the connection, and a retained one would end every connection. More than most brokers let pass.
 */
const HEARD_OUT_BYTES_MAX = 2 * 1024 * 1024;

/** What is said in CONNECT, and who hears what comes. */
export interface Conversation {
  readonly broker: BrokerSnapshot;
  readonly version: ProtocolVersion;
  /** as CONNECT declares it; a broker of MQTT 5 may decide otherwise */
  readonly keepaliveS: number;
  /** default: `broker.clientId` */
  readonly clientId?: string;
  /** absent: the connection ends without a word about us */
  readonly will: { readonly topic: string; readonly payload: Buffer } | undefined;
  readonly password: string | undefined;
  message(topic: string, payload: Uint8Array, retained: boolean): void;
  /** A message longer than allowed: it was dropped, or is so long that the connection is being cut. */
  oversize(what: "dropped" | "cut"): void;
}

/** CONNECT, until the broker has taken it. @throws {UplinkError | HalError}; the signal's reason where it aborts */
export function converse(
  clock: Clock,
  Client: typeof MqttClient,
  transport: Transport,
  conversation: Conversation,
  signal: AbortSignal,
): Promise<{ readonly connection: Connection; readonly welcome: Welcome }> {
  const { broker, version, keepaliveS } = conversation;
  const { stream } = transport;
  return new Promise((resolve, reject) => {
    if (stream.destroyed) {
      reject(new UplinkError("UPLINK_CONNECT_CLOSED", "the broker closed the connection after the TLS handshake"));
      return;
    }
    let connection: Connection | undefined;
    let answer: IConnackPacket | undefined;
    const refuse = (why: UplinkError): void => {
      if (connection === undefined) reject(why);
      else connection.cut(why);
      stream.destroy();
    };
    const publishBytesMax =
      version === "5" ? broker.packetBytesMax : Math.max(broker.packetBytesMax, HEARD_OUT_BYTES_MAX);
    const guard = packetGuard(broker.packetBytesMax, publishBytesMax, (violation) => {
      if (violation.kind === "too-large") conversation.oversize("cut");
      refuse(
        violation.kind === "too-large"
          ? new UplinkError(
              "UPLINK_PACKET_TOO_LARGE",
              `the broker announced a packet of ${violation.bytes} bytes, ${broker.packetBytesMax} allowed`,
            )
          : new UplinkError("UPLINK_PROTOCOL_ERROR", `the broker sent ${violation.message}`),
      );
    });
    const client = new Client(() => stream.on("data", guard), clientOptions(conversation));
    client.on("packetreceive", (packet) => {
      if (packet.cmd === "connack") answer ??= packet;
    });
    // mqtt.js throws what nobody listens to, also long after its end
    client.on("error", (error) => reject(whyNot(error, answer, conversation.password)));
    client.once("close", () => {
      reject(new UplinkError("UPLINK_CONNECT_CLOSED", "the broker closed the connection instead of answering CONNECT"));
    });
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    client.once("connect", (connack) => {
      let welcome: Welcome;
      try {
        welcome = welcomeOf(broker, keepaliveS, connack);
      } catch (error) {
        refuse(asUplinkError(error));
        return;
      }
      connection = connectionOf(clock, client, transport, version, welcome);
      resolve({ connection, welcome });
    });
    client.on("message", (topic, payload, { retain, length = 0 }) => {
      if (length > broker.packetBytesMax) conversation.oversize("dropped");
      else conversation.message(topic, payload, retain);
    });
  });
}

function clientOptions({ broker, version, keepaliveS, clientId, will, password }: Conversation): IClientOptions {
  return {
    protocolId: "MQTT",
    protocolVersion: version === "5" ? 5 : 4,
    clientId: clientId ?? broker.clientId,
    ...(broker.username === undefined ? {} : { username: broker.username }),
    ...(password === undefined ? {} : { password }),
    clean: true,
    keepalive: keepaliveS,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    connectTimeout: broker.connectTimeoutMs + LIBRARY_TIMEOUT_SLACK_MS,
    // otherwise it keeps a buffer for each of 65 536 numbers
    writeCache: false,
    // its own would collect the arguments of every call, a fifth of all that this process allocates, to say nothing
    log: () => {},
    ...(will === undefined ? {} : { will: { ...will, qos: 1, retain: false } }),
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

/** An error before CONNACK: a refusal with its code, an alert about our certificate, or plain noise. */
function whyNot(error: Error, answer: IConnackPacket | undefined, password: string | undefined): Error {
  if (error instanceof HalError) return error;
  const code = "code" in error ? (error as { readonly code?: unknown }).code : undefined;
  if (typeof code === "number" && answer !== undefined) return refusalOf(code, answer, error, password);
  return asUplinkError(error);
}
