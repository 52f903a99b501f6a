import { sleep } from "../../hal/clock.ts";
import type { Clock } from "../../hal/clock.ts";
import type { UplinkSnapshot } from "../config/snapshot.ts";
import type { Log } from "../contract/log.ts";
import { protocolChoice } from "./mqtt/protocol.ts";
import { STABLE_MS, backoff } from "./pace/backoff.ts";
import { returnPace } from "./pace/return-pace.ts";
import { spreadOf } from "./pace/spread.ts";
import type { Spread } from "./pace/spread.ts";
import { serve } from "./serve.ts";
import type { ServeParts, Service } from "./serve.ts";
import { openInboxes } from "./session/inbox.ts";
import type { Identity } from "./session/telemetry.ts";
import type { UplinkState } from "./state.ts";
import { FIRST_COURSE, nextCourse } from "./way/course.ts";
import { brokerAddress, waysOf } from "./way/way.ts";

/**
 * Keeps a session with the best broker that can be reached, over the best interface, for ever, as one configuration says,
 * until `signal` aborts; then says goodbye and returns.
 */
export async function keepConnected(parts: ServeParts, part: UplinkSnapshot, signal: AbortSignal): Promise<void> {
  const { state } = parts;
  const spread = spreadOf(part);
  const service = serviceOf(parts, part, spread);
  const { pace, ways } = service;
  const [{ retryMsMin, retryMsMax }] = part.brokers;
  const pauses = backoff(spread, retryMsMin, retryMsMax);
  state.brokers = part.brokers.map((broker) => ({ address: brokerAddress(broker), state: "standby" }));
  let course = FIRST_COURSE;
  let hostsGone = 0;
  if (spread.startMs > 0) await pause(parts, spread.startMs, signal);
  while (!signal.aborted) {
    const delayMs = course.pause ? pauses.nextMs() : course.turn === true ? spread.hostMs(hostsGone++) : 0;
    if (delayMs > 0) await pause(parts, delayMs, signal);
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

function serviceOf(parts: ServeParts, part: UplinkSnapshot, spread: Spread): Service {
  const id: Identity = identityOf(part);
  const inboxes = openInboxes(parts, part, id);
  return {
    part,
    id,
    ways: waysOf(part),
    protocols: part.brokers.map(({ protocol }) => protocolChoice(protocol)),
    inbox: ({ broker }) => inboxes(broker),
    pace: returnPace(spread, part.returnMs),
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
