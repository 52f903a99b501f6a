import { promisify } from "node:util";
import { Aedes } from "aedes";
import type { Client } from "aedes";
import type { ByteStream } from "../../hal/network.ts";
import type { Access } from "./access.ts";
import { covers } from "./access.ts";
import type { PublishRecord } from "./record.ts";

const SERVER_UNAVAILABLE = 3;
const NOT_AUTHORISED = 5;

/** How the MQTT side behaves; changed while it runs. */
export interface Manners {
  /** CONNACK 3 for everybody */
  unavailable: boolean;
  /** takes QoS 1 and 2 and never acknowledges them */
  keepAcknowledgements: boolean;
  /** does not go on with a client's packets once it published: no acknowledgement, no ping response */
  frozen: boolean;
}

export interface MqttCounters {
  clientsRefused: number;
  publishRefused: number;
  subscribeRefused: number;
}

/** One life of the MQTT broker: sessions and retained messages go with it. */
export interface MqttSide {
  /** Takes a stream whose other end proved to be `identity`. */
  take(stream: ByteStream, identity: string): void;
  publish(
    topic: string,
    payload: Uint8Array,
    options: { readonly qos: 0 | 1; readonly retain: boolean },
  ): Promise<void>;
  clients(): readonly { readonly identity: string; readonly clientId: string }[];
  thaw(): void;
  close(): Promise<void>;
}

export async function openMqttSide(parts: {
  readonly access: (identity: string) => Access | undefined;
  readonly manners: Manners;
  readonly counters: MqttCounters;
  readonly record: PublishRecord;
}): Promise<MqttSide> {
  const { access, manners, counters, record } = parts;
  const identities = new WeakMap<object, string>();
  const frozen: (() => void)[] = [];
  let poweredOff = false;
  const aedes = await Aedes.createBroker({
    id: "holdfast-simulator",
    authenticate(client, _username, _password, done) {
      const known = access(identityOf(client)) !== undefined;
      if (known && !manners.unavailable) return done(null, true);
      counters.clientsRefused += 1;
      const returnCode = known ? SERVER_UNAVAILABLE : NOT_AUTHORISED;
      done(Object.assign(new Error("refused"), { returnCode }), false);
    },
    authorizePublish(client, packet, done) {
      if (client === null) return done(null);
      const identity = identityOf(client);
      if (!allows(access(identity)?.publish, packet.topic)) {
        counters.publishRefused += 1;
        return done(new Error(`${identity} may not publish to ${packet.topic}`));
      }
      if (poweredOff) return done(new Error("a broker without power publishes nobody's will"));
      const { topic, qos, retain } = packet;
      const payload = Uint8Array.from(Buffer.from(packet.payload));
      record.add({ topic, payload, qos, retain, will: client.closed, identity, clientId: client.id });
      // the acknowledgement is sent for what the packet says from here on
      if (manners.keepAcknowledgements) packet.qos = 0;
      if (manners.frozen) frozen.push(() => done(null));
      else done(null);
    },
    authorizeSubscribe(client, subscription, done) {
      if (allows(access(identityOf(client))?.subscribe, subscription.topic)) return done(null, subscription);
      counters.subscribeRefused += 1;
      done(null, null);
    },
  });
  function identityOf(client: Client): string {
    return identities.get(client.conn) ?? "";
  }

  const connected = new Set<Client>();
  aedes.on("clientReady", (client) => connected.add(client));
  aedes.on("clientDisconnect", (client) => connected.delete(client));
  return {
    take(stream, identity) {
      identities.set(stream, identity);
      aedes.handle(stream);
    },
    publish: (topic, payload, { qos, retain }) =>
      promisify((done: (error?: Error) => void) => {
        aedes.publish({ cmd: "publish", topic, payload: Buffer.from(payload), qos, retain, dup: false }, done);
      })(),
    clients: () => [...connected].map((client) => ({ identity: identityOf(client), clientId: client.id })),
    thaw() {
      for (const go of frozen.splice(0)) go();
    },
    close() {
      poweredOff = true;
      return promisify((done: () => void) => aedes.close(done))();
    },
  };
}

function allows(filters: readonly string[] | undefined, requested: string): boolean {
  return filters?.some((filter) => covers(filter, requested)) === true;
}
