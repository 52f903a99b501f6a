import type { Clock } from "../../../hal/clock.ts";
import { sleep } from "../../../hal/clock.ts";
import type { UplinkSnapshot } from "../../config/snapshot.ts";
import { managementTopic } from "../../contract/mqtt.ts";
import type { Connection } from "../../uplink/mqtt/connection.ts";
import { deviceTopic, nodeTopic } from "../../uplink/sparkplug/topic.ts";
import type { Tell } from "./finding.ts";

/** How long an echo, or an acknowledgement, may take. */
const PATIENCE_MS = 5_000;
const REFUSED = 0x80;

/** What the broker sent while it is tested. */
export interface Ear {
  /** Resolves once a message with exactly these bytes came on that topic. */
  hear(topic: string, payload: Uint8Array): Promise<void>;
}

export interface EchoParts {
  readonly clock: Clock;
  readonly connection: Connection;
  readonly ear: Ear;
  /** Says something nobody else says. */
  readonly nonce: string;
  readonly tell: Tell;
}

/**
 * Whether the broker's rules let the gateway speak, beyond what it says about them: some acknowledge forbidden
 * subscriptions, and drop forbidden messages in silence. False where something that is needed is refused.
 */
export async function tellRules(
  parts: EchoParts,
  { site, device, managementPrefix, sparkplug }: UplinkSnapshot,
  source: string,
): Promise<boolean> {
  const echo = managementTopic({ managementPrefix, site, device }, "echo");
  if (!(await tellEcho(parts, echo))) return false;
  const node = await tellData(parts, "node data", nodeTopic(sparkplug, "NDATA"));
  return node && (await tellData(parts, "device data", deviceTopic(sparkplug, "DDATA", source)));
}

/** There and back on a topic of our own, which nobody else listens to. */
async function tellEcho({ clock, connection, ear, nonce, tell }: EchoParts, topic: string): Promise<boolean> {
  const begunMs = clock.monotonicMs();
  const told = (outcome: "ok" | "failed", says: string, code?: string): boolean => {
    const tookMs = clock.monotonicMs() - begunMs;
    tell({ step: "echo", outcome, says, tookMs, details: [], ...(code === undefined ? {} : { code }) });
    return outcome === "ok";
  };
  const [refused] = await withPatience(clock, connection, connection.subscribe([topic])).catch(() => [topic]);
  if (refused !== undefined) {
    return told("failed", `the broker refuses to let the gateway hear ${topic}; allow it`, "UPLINK_SUBSCRIBE_REFUSED");
  }
  const payload = Buffer.from(nonce);
  const back = ear.hear(topic, payload);
  const reason = await answer(clock, connection, connection.offer(topic, payload));
  if (typeof reason === "string" || reason >= REFUSED) {
    return told(
      "failed",
      `${refusalWords(reason, topic)}; allow the gateway to publish there`,
      "UPLINK_PUBLISH_REFUSED",
    );
  }
  if (
    (await answer(
      clock,
      connection,
      back.then(() => 0),
    )) === 0
  ) {
    return told("ok", `what the gateway says on ${topic} comes back`);
  }
  return told(
    "failed",
    `the broker took a message on ${topic} and never gave it back: it drops what its rules forbid without a word; allow the gateway to publish and to hear it`,
    "UPLINK_PUBLISH_REFUSED",
  );
}

/**
 * Asks with bytes that are no Sparkplug payload, under a verb that is no birth and no death: a host that decodes them
 * fails and keeps its picture of the gateway. There is no echo, since a gateway may not hear its own data.
 */
async function tellData({ clock, connection, nonce, tell }: EchoParts, step: string, topic: string): Promise<boolean> {
  const begunMs = clock.monotonicMs();
  const told = (outcome: "ok" | "failed" | "unproven", says: string): boolean => {
    const code = outcome === "failed" ? { code: "UPLINK_PUBLISH_REFUSED" } : {};
    tell({ step, outcome, says, tookMs: clock.monotonicMs() - begunMs, details: [], ...code });
    return outcome !== "failed";
  };
  // a field number of 0, which no decoder of protocol buffers takes
  const reason = await answer(clock, connection, connection.offer(topic, Buffer.from(`\0${nonce}`)));
  if (typeof reason === "string" || reason >= REFUSED) {
    return told("failed", `${refusalWords(reason, topic)}; allow the gateway to publish there`);
  }
  return connection.protocol === "5"
    ? told("ok", `the broker takes messages on ${topic}`)
    : told("unproven", `MQTT 3.1.1 has no way to refuse a message on ${topic}: ask a host whether values arrive`);
}

function refusalWords(reason: number | "closed" | "silence", topic: string): string {
  if (reason === "closed") return `the broker closed the connection over a message on ${topic}`;
  if (reason === "silence") return `the broker never acknowledged a message on ${topic}`;
  return `the broker refuses messages on ${topic} with reason ${reason}`;
}

/** What came of it: a reason code, or why there is none. */
async function answer(
  clock: Clock,
  connection: Connection,
  asked: Promise<number>,
): Promise<number | "closed" | "silence"> {
  return withPatience(clock, connection, asked).catch((error: Error) =>
    error.message === "closed" ? "closed" : "silence",
  );
}

async function withPatience<Result>(clock: Clock, connection: Connection, work: Promise<Result>): Promise<Result> {
  const over = new AbortController();
  try {
    return await Promise.race([
      work,
      connection.closed.then(() => Promise.reject(new Error("closed"))),
      sleep(clock, PATIENCE_MS, over.signal).then(() => Promise.reject(new Error("silence"))),
    ]);
  } finally {
    over.abort(new Error("answered"));
  }
}
