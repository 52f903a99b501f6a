import type { Clock, Timer } from "../../../hal/clock.ts";
import { managementTopic } from "../../contract/mqtt.ts";
import type { StatusMessage } from "../../contract/mqtt.ts";
import type { Identity } from "./telemetry.ts";
import { payloadBytesMax } from "./wire.ts";
import type { Wire } from "./wire.ts";

/** The retained status is published this often at most. */
export const STATUS_PERIOD_MS = 1_000;

export type StatusFacts = Omit<StatusMessage, "timeMs">;

/** Keeps the retained status topic equal to the facts, on one connection. */
export interface StatusTopic extends Disposable {
  /** The facts may have changed. */
  touch(): void;
}

export function openStatusTopic(clock: Clock, id: Identity, wire: Wire, facts: () => StatusFacts): StatusTopic {
  const topic = managementTopic(id, "status");
  let said: StatusFacts | undefined;
  let pause: Timer | undefined;
  const publish = (): void => {
    const now = facts();
    if (said !== undefined && sameFacts(said, now)) return;
    said = now;
    wire.publishAcknowledged(
      topic,
      statusBytes(now, clock.wall().unixMs, payloadBytesMax(wire, topic)),
      true,
      () => {},
    );
    pause = clock.after(STATUS_PERIOD_MS, () => {
      pause = undefined;
      publish();
    });
  };
  publish();
  return {
    touch() {
      if (pause === undefined) publish();
    },
    [Symbol.dispose]() {
      pause?.[Symbol.dispose]();
    },
  };
}

/** By identity, the report too: this is asked many times a second. */
function sameFacts(a: StatusFacts, b: StatusFacts): boolean {
  return (Object.keys(a) as (keyof StatusFacts)[]).every((key) => a[key] === b[key]);
}

/** The message; a report too long for a packet loses its last findings, which the gateway still shows in full. */
function statusBytes(facts: StatusFacts, timeMs: number, bytesMax: number): Buffer {
  const { configReport } = facts;
  for (let kept = configReport?.findings.length ?? 0; ; kept--) {
    const report = configReport === null ? null : { ...configReport, findings: configReport.findings.slice(0, kept) };
    const bytes = Buffer.from(JSON.stringify({ ...facts, timeMs, configReport: kept < 0 ? null : report }));
    if (bytes.length <= bytesMax || kept < 0) return bytes;
  }
}
