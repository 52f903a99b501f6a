import type { IDisconnectPacket, MqttClient } from "mqtt";
import type { Clock } from "../../../hal/clock.ts";
import { sleep } from "../../../hal/clock.ts";
import type { TlsFacts } from "../../contract/uplink-status.ts";
import type { Wire } from "../session/wire.ts";
import { dataWriter } from "./data-writer.ts";
import { UplinkError } from "./fault.ts";
import { foreignText } from "./foreign-text.ts";
import type { ProtocolVersion } from "./protocol.ts";
import type { Transport } from "./transport.ts";
import { isMoved, moved } from "./welcome.ts";
import type { Welcome } from "./welcome.ts";

/** A goodbye may take this long before it is cut short. */
export const GOODBYE_MS_MAX = 1_000;
/** QoS 1 messages that wait because the broker takes only so many at once; marks and status are far fewer. */
const QUEUED_MAX = 4_096;

/** One MQTT session on one connection; there is no second connection in it. */
export interface Connection extends Wire {
  readonly protocol: ProtocolVersion;
  readonly tls: TlsFacts;
  /** what the broker announced, or the configuration where it announced nothing */
  readonly welcome: Welcome;
  /** the gateway's own address in it; undefined where that is not known */
  readonly localAddress: string | undefined;
  /** Bytes that TCP carried so far, TLS and whatever is below MQTT included; they stay after the end. */
  traffic(): { readonly sent: number; readonly received: number };
  /** PINGREQ, beyond those that the keep-alive of CONNECT asks for. */
  ping(): void;
  /** Resolves with why, once the connection is gone. Never rejects. */
  readonly closed: Promise<UplinkError>;
  /** At QoS 1. Resolves with the filters the broker refused. Rejects with why, where the connection ends instead. */
  subscribe(filters: readonly string[]): Promise<readonly string[]>;
  /**
   * One message at QoS 1, to learn whether the broker takes it. Resolves with its reason code, below 0x80 where it did;
   * a broker of MQTT 3.1.1 has no way to refuse. Never resolves where the connection ends first.
   */
  offer(topic: string, payload: Uint8Array): Promise<number>;
  /** Says DISCONNECT and closes, in the ordinary way: no Will. */
  leave(): void;
  /** Publishes a last message at QoS 1, says DISCONNECT and closes, within {@link GOODBYE_MS_MAX} each. */
  goodbye(topic: string, payload: Uint8Array): Promise<void>;
}

interface Queued {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retain: boolean;
  readonly acknowledged: () => void;
  readonly expiryS: number | undefined;
}

/** A client that is connected, as what the session needs of it. */
export function connectionOf(
  clock: Clock,
  client: MqttClient,
  { stream, socket, tls }: Transport,
  protocol: ProtocolVersion,
  welcome: Welcome,
): Connection {
  let reason: UplinkError | undefined;
  let over = false;
  let inFlight = 0;
  let queue: Queued[] = [];
  const data = dataWriter(stream, protocol);
  const cut = (why: UplinkError): void => {
    reason ??= why;
    stream.destroy();
  };
  const closed = new Promise<UplinkError>((resolve) => {
    client.once("close", () => {
      over = true;
      queue = [];
      resolve(reason ?? new UplinkError("UPLINK_CONNECTION_LOST", "the connection ended"));
    });
  });
  client.on("error", (error) => {
    reason ??= asUplinkError(error);
    stream.destroy();
  });
  client.on("disconnect", (packet) => {
    reason ??= goodbyeOf(packet);
    // a broker closes after it; one that does not has nothing to say any more
    stream.destroy();
  });
  const send = ({ topic, payload, retain, acknowledged, expiryS }: Queued): void => {
    inFlight += 1;
    // a mark must not overtake what it covers
    data.flush();
    const expiry = protocol === "5" && expiryS !== undefined ? { properties: { messageExpiryInterval: expiryS } } : {};
    client.publish(topic, asBuffer(payload), { qos: 1, retain: retain && welcome.retains, ...expiry }, (error) => {
      inFlight -= 1;
      if (over) return;
      if (error !== undefined && error !== null) {
        // anything but a reason code only says that the connection is ending, for a reason told elsewhere
        if (!("code" in error) || typeof error.code !== "number") return;
        const said = `the broker refused a message on ${topic} with reason ${error.code}`;
        cut(new UplinkError("UPLINK_PUBLISH_REFUSED", said, { cause: error }));
        return;
      }
      acknowledged();
      const next = inFlight < welcome.inFlightMax ? queue.shift() : undefined;
      if (next !== undefined) send(next);
    });
  };
  const publishAcknowledged: Wire["publishAcknowledged"] = (topic, payload, retain, acknowledged, expiryS) => {
    if (over) return;
    const message = { topic, payload, retain, acknowledged, expiryS };
    if (inFlight < welcome.inFlightMax) send(message);
    else if (queue.length < QUEUED_MAX) queue.push(message);
    else cut(new UplinkError("UPLINK_MARK_UNACKNOWLEDGED", `over ${QUEUED_MAX} messages wait for an acknowledgement`));
  };
  return {
    protocol,
    tls,
    welcome,
    localAddress: socket.localAddress,
    traffic: () => ({ sent: socket.bytesWritten, received: socket.bytesRead }),
    ping() {
      if (!over) client.sendPing();
    },
    packetBytesMax: welcome.packetBytesMax,
    closed,
    cut,
    publishAcknowledged,
    waitingBytes: () => stream.writableLength + data.collectedBytes,
    allows: () => true,
    publish(topic, payload) {
      if (!over) data.publish(topic, payload);
    },
    subscribe(filters) {
      const answered = new Promise<readonly string[]>((resolve) => {
        client.subscribe([...filters], { qos: 1 }, (error, _grants, packet) => {
          const granted = packet?.granted;
          // without an answer the library knows only that the connection is ending
          if (granted === undefined && error) return;
          resolve(filters.filter((_, i) => Number(granted?.[i] ?? 0) >= SUBSCRIBE_FAILURE));
        });
      });
      const ended = closed.then((why) => {
        throw why;
      });
      return Promise.race([answered, ended]);
    },
    offer: (topic, payload) =>
      new Promise((resolve) => {
        client.publish(topic, asBuffer(payload), QOS_1, (error) => {
          if (error === undefined || error === null) resolve(0);
          else if ("code" in error && typeof error.code === "number") resolve(error.code);
        });
      }),
    leave() {
      client.end(false);
      const patience = clock.after(GOODBYE_MS_MAX, () => stream.destroy());
      void closed.then(() => patience[Symbol.dispose]());
    },
    async goodbye(topic, payload) {
      using cancel = disposableAbort();
      const patience = (): Promise<void> => sleep(clock, GOODBYE_MS_MAX, cancel.signal).catch(() => {});
      const heard = new Promise<void>((resolve) => {
        publishAcknowledged(topic, payload, false, resolve);
      });
      await Promise.race([heard, closed, patience()]);
      client.end(false, protocol === "5" ? { reasonCode: DISCONNECT_WITH_WILL } : {});
      await Promise.race([closed, patience()]);
      stream.destroy();
      await closed;
    },
  };
}

/** @see MQTT 5 §3.14: a broker says why it ends a session */
function goodbyeOf({ reasonCode = 0, properties }: IDisconnectPacket): UplinkError {
  if (isMoved(reasonCode)) return moved(reasonCode, properties?.serverReference);
  const text = properties?.reasonString;
  const said = `the broker said DISCONNECT, reason ${reasonCode}`;
  return new UplinkError("UPLINK_CONNECTION_LOST", text === undefined ? said : `${said}, ${foreignText(text)}`);
}

/** So that the broker publishes the Will, too: hosts may rely on it. @see Sparkplug B 3.0 §6.4.25 (NDEATH), MQTT 5 §3.14.2.1 */
const DISCONNECT_WITH_WILL = 0x04;
const QOS_1 = { qos: 1 } as const;
const SUBSCRIBE_FAILURE = 0x80;

function disposableAbort(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  return { signal: controller.signal, [Symbol.dispose]: () => controller.abort() };
}

/** What mqtt.js or the stream under it reports; errors of `hal` stay the cause, to be explained by their own code. */
export function asUplinkError(error: unknown): UplinkError {
  if (error instanceof UplinkError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (message === "Keepalive timeout") {
    return new UplinkError("UPLINK_KEEPALIVE_TIMEOUT", "PINGREQ was never answered", { cause: error });
  }
  const network = error instanceof Error && "code" in error && typeof error.code === "string";
  return new UplinkError(network ? "UPLINK_CONNECTION_LOST" : "UPLINK_PROTOCOL_ERROR", message, { cause: error });
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
