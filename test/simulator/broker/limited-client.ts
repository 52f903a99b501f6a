import { generate, parser } from "mqtt-packet";
import type { IConnectPacket, IPublishPacket, Packet } from "mqtt-packet";
import { connectTls, tlsContext } from "../../../hal/tls.ts";
import { demoPki } from "../../../scripts/pki/demo.ts";
import { openLimitedBroker } from "../../../simulator/broker/index.ts";
import type { LimitedBroker } from "../../../simulator/broker/index.ts";
import type { Limits } from "../../../simulator/broker/limited/limits.ts";
import type { VirtualClock } from "../../../simulator/clock.ts";
import { memoryNetwork } from "../../../simulator/network.ts";

const TARGET = { kind: "tcp", host: "broker.test", port: 8883 } as const;
const pki = demoPki();
const brokerMaterial = pki.broker("broker.test");
const clientMaterial = pki.gateway("client");

/** Limits so narrow that a test reaches each of them. */
export const NARROW: Limits = {
  topicLevelsMax: 4,
  topicBytesMax: 40,
  packetBytesMax: 200,
  payloadBytesMax: 100,
  qosMax: 1,
  retains: false,
  clientIdBytesMax: 10,
  keepaliveSMin: 10,
  keepaliveSMax: 60,
  publishesPerSecondMax: 5,
  bytesPerSecondMax: 400,
  overRate: "disconnect",
  connectsPerSecondMax: 1,
  inFlightMax: 2,
  subscriptionsMax: 3,
  filtersPerSubscribeMax: 2,
};

/** Somebody who sends whatever packets a test wants. */
export interface RawClient {
  readonly heard: readonly Packet[];
  readonly closed: () => boolean;
  send(...packets: readonly Packet[]): Promise<void>;
  /** without a word */
  hangUp(): Promise<void>;
}

export interface LimitedWorld extends AsyncDisposable {
  readonly broker: LimitedBroker;
  /** Says CONNECT as told; the rest is a client id of `c1`, a keep-alive of 30 s and no Will. */
  join(connect?: Partial<IConnectPacket>): Promise<RawClient>;
}

export async function limitedWorld(
  clock: VirtualClock,
  options: { readonly limits?: Partial<Limits>; readonly usernameNeeded?: boolean } = {},
): Promise<LimitedWorld> {
  const network = memoryNetwork(clock);
  const broker = await openLimitedBroker({
    clock,
    network,
    target: TARGET,
    material: brokerMaterial,
    access: () => ({ publish: ["a/#"], subscribe: ["a/#"] }),
    limits: { ...NARROW, ...options.limits },
    usernameNeeded: options.usernameNeeded === true,
  });
  const signal = new AbortController().signal;
  return {
    broker,
    async join(connect = {}) {
      const protocolVersion = connect.protocolVersion ?? 5;
      const context = tlsContext(clientMaterial);
      const connecting = network
        .connect(TARGET, signal)
        .then((stream) => connectTls(stream, { context, serverName: TARGET.host }, signal));
      await clock.advance(10);
      const stream = await connecting;
      stream.on("error", () => {});
      const heard: Packet[] = [];
      const packets = parser({ protocolVersion });
      packets.on("packet", (packet) => heard.push(packet));
      stream.on("data", (chunk: Buffer) => packets.parse(chunk));
      const client: RawClient = {
        heard,
        closed: () => stream.destroyed || stream.readableEnded,
        async send(...out) {
          for (const packet of out) stream.write(generate(packet, { protocolVersion }));
          await clock.advance(20);
        },
        async hangUp() {
          stream.destroy();
          await clock.advance(20);
        },
      };
      const usual = { clientId: "c1", clean: true, keepalive: 30, protocolId: "MQTT", protocolVersion } as const;
      await client.send({ cmd: "connect", ...usual, ...connect });
      return client;
    },
    [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
  };
}

/** A PUBLISH of so many bytes of payload. */
export function publish(topic: string, payloadBytes: number, options: Partial<IPublishPacket> = {}): IPublishPacket {
  return { cmd: "publish", topic, payload: Buffer.alloc(payloadBytes), qos: 0, dup: false, retain: false, ...options };
}
