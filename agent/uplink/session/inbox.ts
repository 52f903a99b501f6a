import type { Clock } from "../../../hal/clock.ts";
import type { BrokerSnapshot, UplinkSnapshot } from "../../config/snapshot.ts";
import type { Log } from "../../contract/log.ts";
import { commandFilters } from "../sparkplug/topic.ts";
import { readCommand } from "./command.ts";
import { primaryHost } from "./primary-host.ts";
import type { PrimaryHost } from "./primary-host.ts";
import type { Identity, Telemetry } from "./telemetry.ts";
import { tokenBucket } from "./token-bucket.ts";

/** Numbers that `status` shows; the inbox adds to them. */
export interface InboxCounters {
  rebirthsRefused: number;
  writesRefused: number;
  malformedMessages: number;
  oversizeMessages: number;
}

export interface InboxParts {
  readonly clock: Pick<Clock, "monotonicMs" | "wall">;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly state: InboxCounters;
}

/** What an edge node hears over one broker: commands, and whether its primary host is there. */
export interface Inbox {
  /** subscribed to at QoS 1 */
  readonly filters: readonly string[];
  /** absent where none is configured */
  readonly host: PrimaryHost | undefined;
  message(topic: string, payload: Uint8Array, retained: boolean): void;
}

/**
 * The inbox of each broker of one configuration, asked for at every new connection. Rebirths are limited over all of
 * them, or a host with two brokers could ask twice as often.
 */
export function openInboxes(parts: InboxParts, part: UplinkSnapshot, id: Identity): (broker: BrokerSnapshot) => Inbox {
  const obeys = tokenBucket(part.rebirthsPerMinute);
  const known = new Map<BrokerSnapshot, Inbox>();
  return (broker) => {
    let inbox = known.get(broker);
    if (inbox === undefined) {
      const hostId = part.sparkplug.primaryHost;
      inbox = openInbox(parts, id, hostId === undefined ? undefined : primaryHost(hostId), obeys);
      known.set(broker, inbox);
    }
    inbox.host?.connected();
    return inbox;
  };
}

function openInbox(
  { clock, log, telemetry, state }: InboxParts,
  id: Identity,
  host: PrimaryHost | undefined,
  obeys: (nowMs: number) => boolean,
): Inbox {
  const refuse = (topic: string, oversize: boolean, message: string): void => {
    if (oversize) state.oversizeMessages += 1;
    else state.malformedMessages += 1;
    log.debug("message.refused", { topic, message });
  };
  const command = (topic: string, payload: Uint8Array, retained: boolean): void => {
    const said = readCommand(id, topic, payload, retained);
    if ("message" in said) {
      refuse(topic, said.kind === "oversize", said.message);
      return;
    }
    state.writesRefused += said.writesRefused;
    // one that is already on its way answers everybody who asks meanwhile
    if (said.kind !== "rebirth" || telemetry.rebirthPending) return;
    if (obeys(clock.monotonicMs())) telemetry.rebirth();
    else state.rebirthsRefused += 1;
  };
  return {
    filters: host === undefined ? commandFilters(id) : [...commandFilters(id), host.topic],
    host,
    message(topic, payload, retained) {
      if (host === undefined || topic !== host.topic) {
        command(topic, payload, retained);
        return;
      }
      const heard = host.hear(payload, clock.wall());
      if (heard === "malformed" || heard === "oversize") refuse(topic, heard === "oversize", `a ${heard} STATE`);
      else log.debug("host.heard", { host: host.id, state: heard });
    },
  };
}
