import type { UplinkSnapshot } from "../config/snapshot.ts";
import type { Standing } from "../contract/standing.ts";
import { attend } from "./attend.ts";
import type { AttendParts } from "./attend.ts";
import { dial } from "./dial.ts";
import type { Dialed, DialParts } from "./dial.ts";
import { explain } from "./mqtt/fault.ts";
import type { ProtocolChoice } from "./mqtt/protocol.ts";
import { STABLE_MS } from "./pace/backoff.ts";
import type { ReturnPace } from "./pace/return-pace.ts";
import type { Inbox } from "./session/inbox.ts";
import type { Identity } from "./session/telemetry.ts";
import { recordFault, showBroker } from "./state.ts";
import type { Meter } from "./traffic/meter.ts";
import { meteredConnection } from "./traffic/metered-connection.ts";
import { usedUp } from "./traffic/used-up.ts";
import { afterAttempt, afterDeath } from "./upkeep/ping-pause.ts";
import { keepUp } from "./upkeep/upkeep.ts";
import { betterWay } from "./way/better-way.ts";
import type { BetterWayParts } from "./way/better-way.ts";
import type { Outcome } from "./way/course.ts";
import { brokerAddress } from "./way/way.ts";
import type { Way } from "./way/way.ts";

export interface ServeParts extends DialParts, AttendParts, BetterWayParts {
  readonly meter: Meter;
  readonly standing?: Standing;
}

/** One configuration's ways, and what is common to all attempts on them. */
export interface Service {
  readonly part: UplinkSnapshot;
  readonly id: Identity;
  readonly ways: readonly Way[];
  readonly protocols: readonly ProtocolChoice[];
  readonly inbox: (way: Way) => Inbox;
  readonly pace: ReturnPace;
}

export interface Served {
  readonly outcome: Outcome;
  /** how long there was a connection */
  readonly heldMs: number;
}

/** Codes after which a broker may simply not know this version of MQTT. */
const HUNG_UP = new Set(["UPLINK_CONNECT_CLOSED", "UPLINK_CONNECTION_LOST", "UPLINK_PROTOCOL_ERROR"]);
/** The broker's own answer: it would be the same over another interface. */
const UNWELCOME = new Set(["UPLINK_BROKER_REFUSED", "UPLINK_PASSWORD_REFUSED", "UPLINK_BROKER_MOVED"]);

/** Takes one way once: an attempt, in both versions of MQTT where it must, and the connection that may come of it. */
export async function serve(parts: ServeParts, service: Service, index: number, signal: AbortSignal): Promise<Served> {
  const { clock, state, log } = parts;
  const way = service.ways[index] as Way;
  const { broker } = way;
  const protocol = service.protocols[way.brokerIndex] as ProtocolChoice;
  state.broker = brokerAddress(broker);
  state.interfaceName = way.interfaceName ?? "";
  for (;;) {
    showBroker(state, broker, "next");
    state.state = "connecting";
    state.attempts += 1;
    state.attemptSinceMs = clock.monotonicMs();
    const version = protocol.next();
    let openedMs: number | undefined;
    try {
      const inbox = service.inbox(way);
      const dialed = await dialWay(parts, service, way, version, inbox, signal);
      openedMs = clock.monotonicMs();
      state.attemptSinceMs = undefined;
      protocol.worked();
      state.protocol = version;
      state.connects += 1;
      showBroker(state, broker, "serving");
      parts.standing?.says(`connected to ${state.broker}`);
      log.info("broker.online", { way: way.key, protocol: version, ...dialed.connection.tls });
      const better = await attendWay(parts, service, index, dialed, inbox, signal);
      showBroker(state, broker, "standby");
      const outcome = better === undefined ? ({ kind: "lost" } as const) : ({ kind: "better", way: better } as const);
      return { outcome, heldMs: clock.monotonicMs() - openedMs };
    } catch (error) {
      if (signal.aborted) return { outcome: { kind: "lost" }, heldMs: 0 };
      const { code } = explain(error, broker);
      if (code === "UPLINK_PROTOCOL_REFUSED" && protocol.refused(version)) {
        log.info("broker.older-protocol", { way: way.key, refused: version });
        continue;
      }
      if (openedMs === undefined && HUNG_UP.has(code)) protocol.hungUp(version);
      recordFault(state, clock, error, broker);
      showBroker(state, broker, "away");
      parts.standing?.says(`${code} at ${state.broker}`);
      log.warn("broker.lost", { way: way.key, code, message: state.lastFault?.message });
      const heldMs = openedMs === undefined ? 0 : clock.monotonicMs() - openedMs;
      return { outcome: { kind: kindOf(code, heldMs) }, heldMs };
    } finally {
      state.attemptSinceMs = undefined;
      state.protocol = "";
      state.tls = undefined;
      state.pingS = 0;
    }
  }
}

function kindOf(code: string, heldMs: number): Exclude<Outcome["kind"], "better"> {
  if (code === "UPLINK_PRIMARY_HOST_AWAY") return heldMs < STABLE_MS ? "unwelcome" : "host-gone";
  if (UNWELCOME.has(code)) return "unwelcome";
  if (heldMs < STABLE_MS) return "failed";
  return code === "UPLINK_INTERFACE_DOWN" ? "cut-off" : "lost";
}

async function dialWay(
  parts: ServeParts,
  { part, id }: Service,
  way: Way,
  version: "5" | "3.1.1",
  inbox: Inbox,
  signal: AbortSignal,
): Promise<Dialed> {
  const { memory, state } = parts;
  let opened = false;
  try {
    const dialed = await dial(parts, way, id, version, inbox, signal);
    opened = true;
    return dialed;
  } finally {
    countTraffic(parts, part);
    await memory.learn(way, { ping: afterAttempt(memory.of(way).ping, opened, way.broker) });
    state.hybridStalled = memory.of(way).hybrid.at === "stalled";
  }
}

/** @returns the better way that the connection was given up for; undefined where `signal` aborted */
async function attendWay(
  parts: ServeParts,
  { part, id, ways, pace }: Service,
  index: number,
  { connection, bdSeq, keyExchange }: Dialed,
  inbox: Inbox,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { clock, memory, meter, state } = parts;
  const way = ways[index] as Way;
  state.tls = connection.tls;
  const metered = meteredConnection(connection, meter, clock, part, way.broker);
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  let better: number | undefined;
  const looking = betterWay(parts, ways, { way: index, keyExchange }, pace, until).then(
    (found) => {
      better = found;
      over.abort();
    },
    (error: unknown) => {
      // the connection is over, and with it the looking
      if (!until.aborted) parts.log.error("way.not-looked-for", { message: String(error) });
    },
  );
  using upkeep = keepUp(parts, way, connection, () => countTraffic(parts, part));
  try {
    await attend(parts, { part, id, connection: metered, bdSeq, host: inbox.host }, until);
    return better;
  } catch (error) {
    await memory.learn(way, { ping: afterDeath(memory.of(way).ping, upkeep.deathSilenceS()) });
    throw error;
  } finally {
    over.abort();
    await looking;
    meter.closed();
    countTraffic(parts, part);
  }
}

function countTraffic({ meter, state }: ServeParts, { budget }: UplinkSnapshot): void {
  meter.sample();
  void meter.store();
  state.day = meter.day;
  state.month = meter.month;
  state.held = usedUp(meter, budget);
}
