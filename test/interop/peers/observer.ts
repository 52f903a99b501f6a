import { runChild, startChild } from "./child.ts";
import type { Credentials, Mosquitto } from "./mosquitto.ts";

/** One message as `mosquitto_sub` saw it. */
export interface Seen {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: number;
  readonly retain: boolean;
  /** Unix milliseconds at the observer */
  readonly timeMs: number;
}

export interface Observer extends AsyncDisposable {
  /** In the order they arrived. */
  readonly seen: readonly Seen[];
}

/** The three fields that cannot hold a space come first; an empty payload ends its line. */
const FORMAT = "seen %U %q %r %x %t";
const MESSAGE = /^seen (\d+\.\d+) (\d) (\d) ([0-9a-f]*) (.+)$/;

/**
 * `mosquitto_sub` with a certificate of its own, subscribed to everything by the time this resolves. It is not trusted
 * to live through a broker's absence: Mosquitto lets fresh QoS 0 messages overtake those it queued for a session.
 */
export async function observe(broker: Mosquitto, credentials: Credentials, name: string): Promise<Observer> {
  const seen: Seen[] = [];
  const session = ["-V", "mqttv311", "-i", name, "-q", "1", "-t", "#"];
  const child = startChild("mosquitto_sub", [...connection(broker, credentials), ...session, "-F", FORMAT]);
  child.onLine((line) => {
    const [, time, qos, retain, hex, topic] = MESSAGE.exec(line) ?? [];
    if (topic === undefined || hex === undefined) return;
    seen.push({
      topic,
      payload: Buffer.from(hex, "hex"),
      qos: Number(qos),
      retain: retain === "1",
      timeMs: Number(time) * 1_000,
    });
  });
  await broker.logged(new RegExp(`Sending SUBACK to ${name}`));
  return { seen, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}

/** `mosquitto_pub`, QoS 1. */
export async function publish(
  broker: Mosquitto,
  credentials: Credentials,
  topic: string,
  payload: Uint8Array,
): Promise<void> {
  const args = [...connection(broker, credentials), "-V", "mqttv311", "-q", "1", "-t", topic, "-s"];
  const ran = await runChild("mosquitto_pub", args, payload);
  if (ran.code !== 0) throw new Error(`mosquitto_pub: ${ran.errors}`);
}

/** What tells Mosquitto's clients where and who. */
export function connection(broker: Mosquitto, credentials: Credentials): readonly string[] {
  const peer = ["-h", "localhost", "-p", String(broker.port), "--tls-version", "tlsv1.3"];
  const { anchorsPath, certificatePath, keyPath } = credentials;
  return [...peer, "--cafile", anchorsPath, "--cert", certificatePath, "--key", keyPath];
}
