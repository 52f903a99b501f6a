import type { Clock } from "../../hal/clock.ts";
import type { ByteStream, Listener, Network, TcpTarget } from "../../hal/network.ts";
import { tlsContext } from "../../hal/tls.ts";
import type { TlsMaterial } from "../../hal/tls.ts";
import { webSocketSide } from "../web-socket.ts";
import type { Access } from "./access.ts";
import { acceptIdentified } from "./identity.ts";
import { openMqttSide } from "./mqtt-side.ts";
import type { Manners, MqttCounters, MqttSide } from "./mqtt-side.ts";
import { publishRecord } from "./record.ts";
import type { PublishRecord } from "./record.ts";

export interface BrokerOptions {
  readonly clock: Clock;
  readonly network: Network;
  /** port 0 takes a free one, kept over stop and start */
  readonly target: TcpTarget;
  readonly material: TlsMaterial;
  /** by common name; undefined is CONNACK 5 */
  readonly access: (identity: string) => Access | undefined;
  /** MQTT in WebSocket frames at this path of an HTTP server; default: bare in TLS */
  readonly webSocketPath?: string;
}

/**
 * An MQTT 3.1.1 broker with mutual TLS 1.3 and an access list, which misbehaves on request. MQTT 5 is refused, as
 * aedes does: that is a test of its own.
 */
export interface EmbeddedBroker extends AsyncDisposable {
  readonly port: number;
  /** every PUBLISH it took, in order, over stops and starts */
  readonly record: PublishRecord;
  /** since the start */
  readonly counters: Readonly<MqttCounters & { accepted: number; handshakesRefused: number }>;
  clients(): readonly { readonly identity: string; readonly clientId: string }[];
  /** As if somebody with all rights had published. */
  publish(
    topic: string,
    payload: Uint8Array,
    options?: { readonly qos?: 0 | 1; readonly retain?: boolean },
  ): Promise<void>;
  /** Powers it off: connections break, sessions and retained messages are lost. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** New connections get as far as TCP or TLS, and then silence. */
  acceptAndNeverAnswer(layer: "tcp" | "tls"): void;
  /** Ends {@link acceptAndNeverAnswer} for connections to come. */
  answerAgain(): void;
  /** CONNACK 3, server unavailable, while on. */
  refuseClients(on: boolean): void;
  /** Takes what is published and never acknowledges it, while on. */
  dropAcknowledgements(on: boolean): void;
  /** Stops serving whoever publishes, pings included, until off again. */
  freeze(on: boolean): void;
  /** Breaks every connection. */
  disconnectClients(): void;
}

/** @throws {HalError} `HAL_LISTEN_FAILED`, `HAL_TLS_MATERIAL` */
export async function openBroker(options: BrokerOptions): Promise<EmbeddedBroker> {
  const { clock, network, access } = options;
  const context = tlsContext(options.material);
  const record = publishRecord(clock);
  const counters = { accepted: 0, handshakesRefused: 0, clientsRefused: 0, publishRefused: 0, subscribeRefused: 0 };
  const manners: Manners = { unavailable: false, keepAcknowledgements: false, frozen: false };
  const open = new Set<ByteStream>();
  let target = options.target;
  let silentAt: "tcp" | "tls" | undefined;
  let running: { readonly mqtt: MqttSide; readonly listener: Listener } | undefined;

  async function accept(stream: ByteStream, mqtt: MqttSide): Promise<void> {
    counters.accepted += 1;
    open.add(stream);
    stream.once("close", () => open.delete(stream));
    stream.on("error", () => {});
    if (silentAt === "tcp") return;
    const client = await acceptIdentified(clock, stream, context);
    if (client === undefined) {
      counters.handshakesRefused += 1;
      return;
    }
    if (silentAt === "tls") return;
    const { stream: secure, identity } = client;
    if (options.webSocketPath === undefined) mqtt.take(secure, identity);
    else webSocketSide(options.webSocketPath, (carried) => mqtt.take(carried, identity)).take(secure);
  }

  async function start(): Promise<void> {
    if (running !== undefined) return;
    const mqtt = await openMqttSide({ access, manners, counters, record });
    try {
      const listener = await network.listen(target, (stream) => void accept(stream, mqtt));
      target = { ...target, port: listener.port ?? target.port };
      running = { mqtt, listener };
    } catch (error) {
      await mqtt.close();
      throw error;
    }
  }

  async function stop(): Promise<void> {
    const stopping = running;
    running = undefined;
    if (stopping === undefined) return;
    const closing = stopping.mqtt.close();
    disconnectClients();
    await stopping.listener[Symbol.asyncDispose]();
    await closing;
  }

  function disconnectClients(): void {
    for (const stream of open) stream.destroy();
  }

  await start();
  return {
    get port() {
      return target.port;
    },
    record,
    counters,
    clients: () => running?.mqtt.clients() ?? [],
    async publish(topic, payload, { qos = 0, retain = false } = {}) {
      await running?.mqtt.publish(topic, payload, { qos, retain });
    },
    stop,
    start,
    acceptAndNeverAnswer: (layer) => void (silentAt = layer),
    answerAgain: () => void (silentAt = undefined),
    refuseClients: (on) => void (manners.unavailable = on),
    dropAcknowledgements: (on) => void (manners.keepAcknowledgements = on),
    freeze(on) {
      manners.frozen = on;
      if (!on) running?.mqtt.thaw();
    },
    disconnectClients,
    [Symbol.asyncDispose]: stop,
  };
}
