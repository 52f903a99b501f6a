import type { Clock } from "../../hal/clock.ts";
import { sleep } from "../../hal/clock.ts";
import type { Entropy } from "../../hal/entropy.ts";
import type { UplinkSnapshot } from "../config/snapshot.ts";
import type { Log } from "../contract/log.ts";
import { FIRST_COURSE, nextCourse } from "./course.ts";
import { STABLE_MS, backoff } from "./mqtt/backoff.ts";
import { protocolChoice } from "./mqtt/protocol.ts";
import { returnPace } from "./return-pace.ts";
import { serve } from "./serve.ts";
import type { ServeParts, Service } from "./serve.ts";
import { openInboxes } from "./session/inbox.ts";
import type { Identity } from "./session/telemetry.ts";
import { spreadOf } from "./spread.ts";
import type { UplinkState } from "./state.ts";
import { brokerAddress, waysOf } from "./ways.ts";

export interface BrokerParts extends ServeParts {
  readonly entropy: Entropy;
}

/**
 * Keeps a session with the best broker that can be reached, over the best interface, for ever, as one configuration says,
 * until `signal` aborts; then says goodbye and returns.
 */
export async function keepConnected(parts: BrokerParts, part: UplinkSnapshot, signal: AbortSignal): Promise<void> {
  const { state } = parts;
  const service = serviceOf(parts, part);
  const { pace, ways } = service;
  const [{ retryMsMin, retryMsMax }] = part.brokers;
  const spread = spreadOf(part);
  const pauses = backoff(spread, retryMsMin, retryMsMax);
  state.brokers = part.brokers.map((broker) => ({ address: brokerAddress(broker), state: "standby" }));
  let course = FIRST_COURSE;
  if (spread.startMs > 0) await pause(parts, spread.startMs, signal);
  while (!signal.aborted) {
    if (course.pause) await pause(parts, pauses.nextMs(), signal);
    if (signal.aborted) break;
    const { outcome, heldMs } = await serve(parts, service, course.way, signal);
    const held = heldMs >= STABLE_MS;
    if (held) pauses.reset();
    if (course.back !== undefined) {
      if (held) pace.held();
      else pace.failed();
    }
    course = nextCourse(ways, course, outcome);
  }
  state.state = "unconfigured";
  state.retryAtMs = undefined;
}

function serviceOf(parts: BrokerParts, part: UplinkSnapshot): Service {
  const id: Identity = identityOf(part);
  const inboxes = openInboxes(parts, part, id);
  return {
    part,
    id,
    ways: waysOf(part),
    protocols: part.brokers.map(({ protocol }) => protocolChoice(protocol)),
    inbox: ({ broker }) => inboxes(broker),
    pace: returnPace(parts.entropy, part.returnMs),
  };
}

interface PauseParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly state: UplinkState;
}

async function pause({ clock, state, log }: PauseParts, delayMs: number, signal: AbortSignal): Promise<void> {
  state.state = "waiting";
  state.retryAtMs = clock.monotonicMs() + delayMs;
  log.info("broker.retry-scheduled", { delayMs: Math.round(delayMs) });
  await sleep(clock, delayMs, signal).catch(() => {});
  state.retryAtMs = undefined;
}

function identityOf({ site, device, sparkplug, managementPrefix }: UplinkSnapshot): Identity {
  return { site, device, managementPrefix, group: sparkplug.group, edgeNode: sparkplug.edgeNode };
}
