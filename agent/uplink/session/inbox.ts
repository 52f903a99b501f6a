import type { Clock } from "../../../hal/clock.ts";
import type { BrokerSnapshot, UplinkSnapshot } from "../../config/snapshot.ts";
import type { Log } from "../../contract/log.ts";
import { tokenBucket } from "../pace/token-bucket.ts";
import { commandFilters } from "../sparkplug/topic.ts";
import { readCommand } from "./command.ts";
import { hearing } from "./hearing.ts";
import type { Hearing, Unheard } from "./hearing.ts";
import { primaryHost } from "./primary-host.ts";
import type { PrimaryHost } from "./primary-host.ts";
import type { Identity, Telemetry } from "./telemetry.ts";

const MINUTE_MS = 60_000;

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

/** What an edge node hears over one connection: commands, and whether its primary host is there. */
export interface Inbox {
  /** subscribed to at QoS 1, before births */
  readonly filters: readonly string[];
  /** what would end this connection as it did those before; absent where everything is listened to */
  readonly unheard?: Unheard;
  /** absent where none is configured */
  readonly host: PrimaryHost | undefined;
  message(topic: string, payload: Uint8Array, retained: boolean): void;
  /** A message longer than a packet may be: `dropped`, or the connection `cut` by it. */
  oversize(what: "dropped" | "cut"): void;
}

/**
 * The inbox of each broker of one configuration, asked for at every new connection. Rebirths are limited over all of
 * them, or a host with two brokers could ask twice as often.
 */
export function openInboxes(parts: InboxParts, part: UplinkSnapshot, id: Identity): (broker: BrokerSnapshot) => Inbox {
  const obeys = tokenBucket(part.rebirthsPerMinute, MINUTE_MS);
  const known = new Map<BrokerSnapshot, Remembered>();
  return (broker) => {
    let remembered = known.get(broker);
    if (remembered === undefined) {
      const hostId = part.sparkplug.primaryHost;
      remembered = { host: hostId === undefined ? undefined : primaryHost(hostId), hearing: hearing() };
      known.set(broker, remembered);
    }
    remembered.host?.connected();
    return openInbox(parts, id, remembered, obeys);
  };
}

/** What one broker's connections tell the next. */
interface Remembered {
  readonly host: PrimaryHost | undefined;
  readonly hearing: Hearing;
}

function openInbox(
  { clock, log, telemetry, state }: InboxParts,
  id: Identity,
  { host, hearing: heardSoFar }: Remembered,
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
  const states = host === undefined ? [] : [host.topic];
  const forMs = heardSoFar.unheardMs(clock.monotonicMs());
  return {
    ...(forMs === 0
      ? { filters: [...commandFilters(id), ...states] }
      : { filters: states, unheard: { filters: commandFilters(id), forMs } }),
    host,
    oversize(what) {
      state.oversizeMessages += 1;
      log.debug("message.oversize", { what });
      if (what === "cut") heardSoFar.cut(clock.monotonicMs());
    },
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
