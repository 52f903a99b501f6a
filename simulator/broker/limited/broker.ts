import type { IConnectPacket, IPublishPacket } from "mqtt-packet";
import type { ByteStream } from "../../../hal/network.ts";
import { tlsContext } from "../../../hal/tls.ts";
import { covers } from "../access.ts";
import type { BrokerOptions } from "../broker.ts";
import { acceptIdentified } from "../identity.ts";
import { publishRecord } from "../record.ts";
import type { PublishRecord } from "../record.ts";
import { LimitedClient } from "./client.ts";
import { judgeConnect } from "./greet.ts";
import type { Limits, Violation } from "./limits.ts";
import { openMeter } from "./meter.ts";
import type { Meter } from "./meter.ts";
import type { Mischief } from "./mischief.ts";
import { openPacketLink } from "./packet-link.ts";

const SESSION_TAKEN_OVER = 0x8e;
const SHUTTING_DOWN = 0x8b;
/** Violations kept; more say nothing new. */
const VIOLATIONS_MAX = 10_000;

export interface LimitedOptions extends BrokerOptions {
  readonly limits: Limits;
  readonly usernameNeeded?: boolean;
}

/**
 * An MQTT 3.1.1 and 5 broker with mutual TLS that takes exactly what its limits say and writes down every excess; and
 * which, on request, breaks the rules itself. QoS 2 is refused, sessions end with their connection.
 */
export interface LimitedBroker extends AsyncDisposable {
  readonly port: number;
  /** every PUBLISH it took, in order */
  readonly record: PublishRecord;
  readonly violations: readonly Violation[];
  /** what it does beside the standard, from now on */
  readonly mischief: Mischief;
  /** CONNECT packets since the start */
  readonly connects: number;
  clients(): readonly { readonly identity: string; readonly clientId: string }[];
  /** As if somebody with all rights and no limits had published. */
  publish(
    topic: string,
    payload: Uint8Array,
    options?: { readonly qos?: 0 | 1; readonly retain?: boolean },
  ): Promise<void>;
  disconnectClients(): void;
}

/** @throws {HalError} `HAL_LISTEN_FAILED`, `HAL_TLS_MATERIAL` */
export async function openLimitedBroker(options: LimitedOptions): Promise<LimitedBroker> {
  const { clock, network, limits, access } = options;
  const context = tlsContext(options.material);
  const record = publishRecord(clock);
  const violations: Violation[] = [];
  const mischief: Mischief = {};
  const clients = new Map<string, LimitedClient>();
  const connectMeters = new Map<string, Meter>();
  const retained = new Map<string, Buffer>();
  const open = new Set<ByteStream>();
  let connects = 0;
  let messageId = 0;

  function violated(excess: Violation["excess"], detail: string): void {
    if (violations.length < VIOLATIONS_MAX) violations.push({ excess, detail });
  }

  function connectsInSecond(clientId: string): number {
    const meter = connectMeters.get(clientId) ?? openMeter(clock);
    connectMeters.set(clientId, meter);
    return meter.add(1);
  }

  function deliver(to: LimitedClient, topic: string, payload: Uint8Array, qos: 0 | 1, retain: boolean): void {
    messageId = (messageId % 65_535) + 1;
    const bytes = Buffer.from(payload);
    to.send({ cmd: "publish", topic, payload: bytes, qos, retain, dup: false, ...(qos === 0 ? {} : { messageId }) });
  }

  function route(topic: string, payload: Buffer, qos: 0 | 1, retain: boolean): void {
    if (retain && payload.length === 0) retained.delete(topic);
    else if (retain) retained.set(topic, payload);
    for (const client of clients.values()) if (client.hears(topic)) deliver(client, topic, payload, qos, false);
  }

  function take(from: { readonly identity: string; readonly clientId: string }, packet: Will, will: boolean): void {
    const { topic } = packet;
    const payload = Buffer.from(packet.payload);
    const qos = packet.qos === 0 ? 0 : 1;
    const retain = packet.retain === true;
    record.add({ topic, payload, qos, retain, will, ...from });
    route(topic, payload, qos, retain);
  }

  async function accept(plain: ByteStream): Promise<void> {
    open.add(plain);
    plain.once("close", () => open.delete(plain));
    plain.on("error", () => {});
    const identified = await acceptIdentified(clock, plain, context);
    if (identified !== undefined) converse(identified.stream, identified.identity);
  }

  function converse(stream: ByteStream, identity: string): void {
    let client: LimitedClient | undefined;
    let will: Will | undefined;
    const link = openPacketLink(
      stream,
      (packet, bytes) => {
        if (client !== undefined) return client.receive(packet, bytes);
        if (packet.cmd !== "connect") return link.close();
        client = greet(packet);
        will = packet.will === undefined ? undefined : { qos: 0, retain: false, ...packet.will };
        return undefined;
      },
      (malformed) => {
        if (malformed !== undefined) violated("malformed", malformed.message);
        client?.closed();
        if (client === undefined) return;
        if (clients.get(client.clientId) === client) clients.delete(client.clientId);
        if (will !== undefined && !client.left) take({ identity, clientId: client.clientId }, will, true);
      },
    );
    const greet = (connect: IConnectPacket): LimitedClient | undefined => {
      connects += 1;
      const rights = access(identity);
      const { connack, excess } = judgeConnect(limits, mischief, connect, {
        known: rights !== undefined,
        usernameNeeded: options.usernameNeeded === true,
        connectsInSecond: connectsInSecond(connect.clientId),
      });
      if (excess !== undefined) violated(excess.excess, excess.detail);
      link.send(connack);
      if (rights === undefined || (connack.reasonCode ?? connack.returnCode ?? 0) !== 0) {
        link.close();
        return undefined;
      }
      clients.get(connect.clientId)?.end(SESSION_TAKEN_OVER);
      const { clientId } = connect;
      const published = (packet: IPublishPacket | Will): void => take({ identity, clientId }, packet, false);
      const subscribed = (filters: readonly string[]): void => welcome(one, filters);
      const parts = { clock, limits, mischief, access: rights, link, identity, connect };
      const one = new LimitedClient({ ...parts, violated, published, subscribed });
      one.listen();
      clients.set(clientId, one);
      return one;
    };
  }

  function welcome(client: LimitedClient, filters: readonly string[]): void {
    for (const [topic, payload] of retained) {
      if (filters.some((filter) => covers(filter, topic))) deliver(client, topic, payload, 1, true);
    }
    for (const { topic, payload } of mischief.greetings ?? []) deliver(client, topic, payload, 1, true);
  }

  const listener = await network.listen(options.target, (stream) => void accept(stream));
  return {
    port: listener.port ?? options.target.port,
    record,
    violations,
    mischief,
    get connects() {
      return connects;
    },
    clients: () => [...clients.values()].map(({ identity, clientId }) => ({ identity, clientId })),
    publish(topic, payload, { qos = 0, retain = false } = {}) {
      route(topic, Buffer.from(payload), qos, retain);
      return Promise.resolve();
    },
    disconnectClients() {
      for (const stream of open) stream.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients.values()) client.end(SHUTTING_DOWN);
      for (const stream of open) stream.destroy();
      await listener[Symbol.asyncDispose]();
    },
  };
}

type Will = Pick<IPublishPacket, "topic" | "payload"> & Partial<Pick<IPublishPacket, "qos" | "retain">>;
