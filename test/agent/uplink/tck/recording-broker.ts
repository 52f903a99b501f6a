import { generate, parser } from "mqtt-packet";
import type { IConnectPacket, IDisconnectPacket, ISubscribePacket, Packet } from "mqtt-packet";
import type { ByteStream } from "../../../../hal/network.ts";
import { acceptTls, tlsContext } from "../../../../hal/tls.ts";
import type { VirtualClock } from "../../../../simulator/clock.ts";
import type { MemoryNetwork } from "../../../../simulator/network.ts";
import { pki } from "../world.ts";

const DISCONNECT_WITH_WILL = 4;

type Happened =
  | { readonly kind: "connect"; readonly packet: IConnectPacket }
  | { readonly kind: "subscribe"; readonly packet: ISubscribePacket }
  | {
      readonly kind: "publish";
      readonly topic: string;
      readonly payload: Uint8Array;
      readonly qos: number;
      readonly retain: boolean;
      /** by the broker, because the connection ended as it did */
      readonly will: boolean;
    }
  | { readonly kind: "disconnect"; readonly packet: IDisconnectPacket }
  | { readonly kind: "closed" };

export type Recorded = Happened & {
  /** connections are counted from 0, over all brokers that share a recording */
  readonly connection: number;
  readonly broker: string;
  readonly wallMs: number;
};

/** Every packet of the gateway that matters, in the order in which the brokers got them. */
export interface Recording {
  readonly events: Recorded[];
  /** how many events there were at a named moment of the play */
  readonly moments: Map<string, number>;
  connections: number;
}

export interface RecordingBroker {
  /** As if somebody else had published it; retained like it where asked. */
  publish(topic: string, payload: Uint8Array, retain?: boolean): void;
  /** Sends the client a message, whether it asked for it or not. */
  say(topic: string, payload: Uint8Array): void;
  /** Breaks the connection without a word. */
  cut(): void;
}

interface Client {
  readonly stream: ByteStream;
  /** where it subscribed to it */
  deliver(topic: string, payload: Uint8Array): void;
  give(topic: string, payload: Uint8Array, retain: boolean): void;
}

/**
 * A broker for one client that writes down the packets themselves, since assertions speak of CONNECT, SUBSCRIBE and
 * DISCONNECT too. It speaks 3.1.1 and 5, acknowledges everything, retains, and knows when a Will is due.
 */
export async function recordingBroker(
  clock: VirtualClock,
  network: MemoryNetwork,
  host: string,
  recording: Recording,
): Promise<RecordingBroker> {
  const context = tlsContext(pki.broker(host));
  const retained = new Map<string, Uint8Array>();
  let client: Client | undefined;

  const accept = async (stream: ByteStream): Promise<void> => {
    const secure = await acceptTls(stream, { context }, new AbortController().signal).catch(() => undefined);
    if (secure === undefined) return;
    const connection = recording.connections++;
    const filters: string[] = [];
    let version = 4;
    let will: IConnectPacket["will"];
    const send = (packet: Packet): void => void secure.write(generate(packet, { protocolVersion: version }));
    const note = (happened: Happened): void => {
      recording.events.push({ ...happened, connection, broker: host, wallMs: clock.wall().unixMs });
    };
    const published = (
      { topic, payload, qos, retain }: { topic: string; payload: Buffer | string; qos?: number; retain?: boolean },
      byBroker: boolean,
    ): void => {
      const bytes = Uint8Array.from(Buffer.from(payload));
      note({ kind: "publish", topic, payload: bytes, qos: qos ?? 0, retain: retain ?? false, will: byBroker });
    };
    const give = (topic: string, payload: Uint8Array, retain: boolean): void => {
      send({ cmd: "publish", topic, payload: Buffer.from(payload), qos: 0, retain, dup: false });
    };
    const deliver = (topic: string, payload: Uint8Array): void => {
      if (filters.some((filter) => matches(filter, topic))) give(topic, payload, false);
    };
    const handle = (packet: Packet): void => {
      if (packet.cmd === "connect") {
        version = packet.protocolVersion ?? 4;
        ({ will } = packet);
        note({ kind: "connect", packet });
        send({ cmd: "connack", sessionPresent: false, ...(version === 5 ? { reasonCode: 0 } : { returnCode: 0 }) });
        client = { stream: secure, deliver, give };
      } else if (packet.cmd === "subscribe") {
        note({ kind: "subscribe", packet });
        send({ cmd: "suback", messageId: packet.messageId ?? 0, granted: packet.subscriptions.map(({ qos }) => qos) });
        for (const { topic: filter } of packet.subscriptions) {
          filters.push(filter);
          for (const [topic, payload] of retained) if (matches(filter, topic)) give(topic, payload, true);
        }
      } else if (packet.cmd === "publish") {
        published(packet, false);
        if (packet.retain) retained.set(packet.topic, Uint8Array.from(Buffer.from(packet.payload)));
        if (packet.qos === 1) send({ cmd: "puback", messageId: packet.messageId ?? 0 });
      } else if (packet.cmd === "pingreq") send({ cmd: "pingresp" });
      else if (packet.cmd === "disconnect") {
        note({ kind: "disconnect", packet });
        if (packet.reasonCode !== DISCONNECT_WITH_WILL) will = undefined;
      }
    };
    // parsing begins without knowing the version; CONNECT tells
    const packets = parser();
    packets.on("packet", handle);
    packets.on("error", () => secure.destroy());
    secure.on("data", (chunk: Buffer) => void packets.parse(chunk));
    secure.on("error", () => {});
    secure.once("close", () => {
      if (client?.stream === secure) client = undefined;
      note({ kind: "closed" });
      if (will !== undefined) published(will, true);
    });
  };
  await network.listen({ kind: "tcp", host, port: 8883 }, (stream) => void accept(stream));
  return {
    publish(topic, payload, retain = false) {
      if (retain) retained.set(topic, payload);
      client?.deliver(topic, payload);
    },
    say: (topic, payload) => client?.give(topic, payload, false),
    cut: () => void client?.stream.destroy(),
  };
}

function matches(filter: string, topic: string): boolean {
  const levels = topic.split("/");
  const wanted = filter.split("/");
  return wanted.length === levels.length && wanted.every((level, i) => level === "+" || level === levels[i]);
}
