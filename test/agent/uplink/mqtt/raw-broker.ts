import type { ByteStream } from "../../../../hal/network.ts";
import { acceptTls, tlsContext } from "../../../../hal/tls.ts";
import { anyBroker } from "../any-broker.ts";
import type { BrokerSnapshot } from "../../../../agent/config/snapshot.ts";
import { openConnection } from "../../../../agent/uplink/mqtt/open-connection.ts";
import type { Connection } from "../../../../agent/uplink/mqtt/connection.ts";
import type { VirtualClock } from "../../../../simulator/clock.ts";
import { memoryNetwork } from "../../../../simulator/network.ts";
import { gatewayMaterial, pki } from "../world.ts";

const HOST = "broker.test";
const material = pki.broker(HOST);

/** A broker made of bytes: whatever is told it to say, it says, whether it is MQTT or not. */
export interface RawBroker {
  /** The first byte of each packet it heard. */
  readonly heard: number[];
  say(...bytes: readonly number[]): void;
  hangUp(): void;
  readonly oversize: ("dropped" | "cut")[];
  readonly refusedFilters: string[];
  readonly messages: string[];
  /** The connection, once it is open, or why it never was. */
  readonly outcome: () => { readonly connection?: Connection; readonly error?: unknown };
}

/** @param answer what is said to each packet, by its type */
export async function rawBroker(
  clock: VirtualClock,
  version: "5" | "3.1.1",
  answer: (type: number, packet: Buffer) => readonly number[] | undefined,
): Promise<RawBroker> {
  const network = memoryNetwork(clock);
  const signal = new AbortController().signal;
  let secure: ByteStream | undefined;
  const heard: number[] = [];
  const accept = async (stream: ByteStream): Promise<void> => {
    secure = await acceptTls(stream, { context: tlsContext(material) }, signal);
    secure.on("error", () => {});
    secure.on("data", (chunk: Buffer) => {
      for (const packet of packetsIn(chunk)) {
        heard.push(packet[0] ?? 0);
        const bytes = answer((packet[0] ?? 0) >> 4, packet);
        if (bytes !== undefined) secure?.write(Uint8Array.from(bytes));
      }
    });
  };
  await network.listen({ kind: "tcp", host: HOST, port: 8883 }, (stream) => void accept(stream));
  const oversize: ("dropped" | "cut")[] = [];
  const refusedFilters: string[] = [];
  const messages: string[] = [];
  let outcome: { connection?: Connection; error?: unknown } = {};
  openConnection(
    { clock, network },
    {
      broker: BROKER,
      credentials: { context: tlsContext(gatewayMaterial) },
      keepaliveS: BROKER.keepaliveS,
      version,
      will: () => Promise.resolve({ topic: "w", payload: Buffer.from("w") }),
      filters: ["a", "b"],
      subscribeRefused: (filters) => refusedFilters.push(...filters),
      message: (topic) => messages.push(topic),
      oversize: (what) => oversize.push(what),
    },
    signal,
  ).then(
    (connection) => (outcome = { connection }),
    (error: unknown) => (outcome = { error }),
  );
  await clock.advance(50);
  return {
    heard,
    oversize,
    refusedFilters,
    messages,
    outcome: () => outcome,
    hangUp: () => void secure?.destroy(),
    say: (...bytes) => void secure?.write(Uint8Array.from(bytes)),
  };
}

const BROKER: BrokerSnapshot = {
  ...anyBroker,
  host: HOST,
  serverName: HOST,
  protocol: "auto",
  keepaliveS: 10,
  connectTimeoutMs: 5_000,
  retryMsMin: 100,
  retryMsMax: 100,
  packetBytesMax: 4_096,
};

/** Packets with a length of one or two bytes that came whole. */
function* packetsIn(chunk: Buffer): Generator<Buffer> {
  for (let at = 0; at < chunk.length;) {
    const low = chunk[at + 1] ?? 0;
    const long = low > 127;
    const length = long ? (low & 0x7f) + (chunk[at + 2] ?? 0) * 128 : low;
    const end = at + (long ? 3 : 2) + length;
    yield chunk.subarray(at, end);
    at = end;
  }
}
