import type { MqttClient } from "mqtt";
import type { Clock } from "../../../hal/clock.ts";
import { sleep } from "../../../hal/clock.ts";
import type { ByteStream } from "../../../hal/network.ts";
import type { Wire } from "../session/wire.ts";
import { UplinkError } from "./fault.ts";
import type { ProtocolVersion } from "./protocol.ts";

/** A goodbye may take this long before it is cut short. */
export const GOODBYE_MS_MAX = 1_000;
/** QoS 1 messages that wait because the broker takes only so many at once; marks and status are far fewer. */
const QUEUED_MAX = 4_096;

/** One MQTT session on one connection; there is no second connection in it. */
export interface Connection extends Wire {
  readonly protocol: ProtocolVersion;
  /** Resolves with why, once the connection is gone. Never rejects. */
  readonly closed: Promise<UplinkError>;
  /** At QoS 1. Resolves with the filters the broker refused. */
  subscribe(filters: readonly string[]): Promise<readonly string[]>;
  /** Ends at once, for a reason that is ours. */
  cut(reason: UplinkError): void;
  /** Publishes a last message at QoS 1, says DISCONNECT and closes, within {@link GOODBYE_MS_MAX} each. */
  goodbye(topic: string, payload: Uint8Array): Promise<void>;
}

interface Queued {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retain: boolean;
  readonly acknowledged: () => void;
}

export interface ConnectionLimits {
  readonly packetBytesMax: number;
  /** QoS 1 messages the broker takes before it has acknowledged one */
  readonly inFlightMax: number;
}

/** A client that is connected, as what the session needs of it. */
export function connectionOf(
  clock: Clock,
  client: MqttClient,
  stream: ByteStream,
  protocol: ProtocolVersion,
  limits: ConnectionLimits,
): Connection {
  let reason: UplinkError | undefined;
  let over = false;
  let inFlight = 0;
  let queue: Queued[] = [];
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
    reason ??= new UplinkError(
      "UPLINK_CONNECTION_LOST",
      `the broker said DISCONNECT, reason ${packet.reasonCode ?? 0}`,
    );
  });
  const send = ({ topic, payload, retain, acknowledged }: Queued): void => {
    inFlight += 1;
    client.publish(topic, asBuffer(payload), { qos: 1, retain }, (error) => {
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
      const next = inFlight < limits.inFlightMax ? queue.shift() : undefined;
      if (next !== undefined) send(next);
    });
  };
  const publishAcknowledged: Wire["publishAcknowledged"] = (topic, payload, retain, acknowledged) => {
    if (over) return;
    const message = { topic, payload, retain, acknowledged };
    if (inFlight < limits.inFlightMax) send(message);
    else if (queue.length < QUEUED_MAX) queue.push(message);
    else cut(new UplinkError("UPLINK_MARK_UNACKNOWLEDGED", `over ${QUEUED_MAX} messages wait for an acknowledgement`));
  };
  return {
    protocol,
    packetBytesMax: limits.packetBytesMax,
    closed,
    cut,
    publishAcknowledged,
    waitingBytes: () => stream.writableLength,
    allows: () => true,
    publish(topic, payload) {
      if (!over) client.publish(topic, asBuffer(payload), QOS_0);
    },
    subscribe: (filters) =>
      new Promise((resolve, reject) => {
        client.subscribe([...filters], { qos: 1 }, (error, _grants, packet) => {
          const granted = packet?.granted;
          if (granted === undefined && error) reject(asUplinkError(error));
          else resolve(filters.filter((_, i) => Number(granted?.[i] ?? 0) >= SUBSCRIBE_FAILURE));
        });
      }),
    async goodbye(topic, payload) {
      using cancel = disposableAbort();
      const patience = (): Promise<void> => sleep(clock, GOODBYE_MS_MAX, cancel.signal).catch(() => {});
      const heard = new Promise<void>((resolve) => {
        publishAcknowledged(topic, payload, false, resolve);
      });
      await Promise.race([heard, closed, patience()]);
      client.end(false);
      await Promise.race([closed, patience()]);
      stream.destroy();
      await closed;
    },
  };
}

const QOS_0 = { qos: 0 } as const;
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
