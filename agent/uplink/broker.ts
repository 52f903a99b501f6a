import type { SecureContext } from "node:tls";
import type { Clock } from "../../hal/clock.ts";
import { sleep } from "../../hal/clock.ts";
import type { Entropy } from "../../hal/entropy.ts";
import { HalError } from "../../hal/error.ts";
import type { Network } from "../../hal/network.ts";
import type { BrokerSnapshot, UplinkSnapshot } from "../config/snapshot.ts";
import type { Log } from "../contract/log.ts";
import { attend } from "./attend.ts";
import type { BdSeq } from "./bd-seq.ts";
import { STABLE_MS, backoff } from "./mqtt/backoff.ts";
import type { Connection } from "./mqtt/connection.ts";
import { UplinkError, explain } from "./mqtt/fault.ts";
import { openConnection } from "./mqtt/open-connection.ts";
import { protocolChoice } from "./mqtt/protocol.ts";
import { nodeDeath } from "./session/birth.ts";
import { readCommand } from "./session/command.ts";
import type { Identity, Telemetry } from "./session/telemetry.ts";
import { tokenBucket } from "./session/token-bucket.ts";
import { commandFilters, nodeTopic } from "./sparkplug/topic.ts";
import { recordFault } from "./state.ts";
import type { UplinkState } from "./state.ts";

export interface BrokerParts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly network: Network;
  readonly log: Log;
  readonly version: string;
  readonly context: (broker: BrokerSnapshot) => Promise<SecureContext>;
  readonly bdSeq: { next(): Promise<BdSeq> };
  readonly telemetry: Telemetry;
  readonly state: UplinkState;
}

/** Codes after which a broker may simply not know this version of MQTT. */
const HUNG_UP = new Set(["UPLINK_CONNECT_CLOSED", "UPLINK_CONNECTION_LOST", "UPLINK_PROTOCOL_ERROR"]);

/** Connects to one broker for ever, as one configuration says, until `signal` aborts; then says goodbye and returns. */
export async function keepConnected(parts: BrokerParts, part: UplinkSnapshot, signal: AbortSignal): Promise<void> {
  const { clock, entropy, log, state } = parts;
  const [broker] = part.brokers;
  const pauses = backoff(entropy, broker.retryMsMin, broker.retryMsMax);
  const protocol = protocolChoice(broker.protocol);
  const obeys = tokenBucket(part.rebirthsPerMinute);
  state.broker = `mqtts://${broker.host}:${broker.port}`;
  while (!signal.aborted) {
    const version = protocol.next();
    state.state = "connecting";
    state.attempts += 1;
    let openedMs: number | undefined;
    let again = false;
    try {
      const { connection, bdSeq } = await connect(parts, part, version, obeys, signal);
      openedMs = clock.monotonicMs();
      protocol.worked();
      state.state = "online";
      state.protocol = version;
      state.connects += 1;
      log.info("broker.online", { broker: state.broker, protocol: version });
      await attend(parts, part, identityOf(part), connection, bdSeq, signal);
    } catch (error) {
      if (signal.aborted) break;
      const { code } = explain(error, broker);
      again = code === "UPLINK_PROTOCOL_REFUSED" && protocol.refused(version);
      if (again) log.info("broker.older-protocol", { broker: state.broker, refused: version });
      else {
        if (openedMs === undefined && HUNG_UP.has(code)) protocol.hungUp(version);
        recordFault(state, clock, error, broker);
        log.warn("broker.lost", { broker: state.broker, code, message: state.lastFault?.message });
      }
    }
    state.protocol = "";
    if (signal.aborted) break;
    if (openedMs !== undefined && clock.monotonicMs() - openedMs >= STABLE_MS) pauses.reset();
    if (!again) await pause(parts, pauses.nextMs(), signal);
  }
  state.state = "unconfigured";
  state.retryAtMs = undefined;
}

async function pause({ clock, state, log }: BrokerParts, delayMs: number, signal: AbortSignal): Promise<void> {
  state.state = "waiting";
  state.retryAtMs = clock.monotonicMs() + delayMs;
  log.info("broker.retry-scheduled", { broker: state.broker, delayMs: Math.round(delayMs) });
  await sleep(clock, delayMs, signal).catch(() => {});
  state.retryAtMs = undefined;
}

async function connect(
  parts: BrokerParts,
  part: UplinkSnapshot,
  version: "5" | "3.1.1",
  obeys: (nowMs: number) => boolean,
  signal: AbortSignal,
): Promise<{ readonly connection: Connection; readonly bdSeq: number }> {
  const { clock, state, telemetry, log } = parts;
  const id = identityOf(part);
  const [broker] = part.brokers;
  let bdSeq = 0;
  const connection = await openConnection(
    parts,
    {
      broker,
      interfaceName: part.interfaceNames[0],
      context: await contextOf(parts, broker),
      version,
      async will() {
        const next = await parts.bdSeq.next();
        bdSeq = next.value;
        if (next.notStored !== undefined) recordFault(state, clock, notStored(next.notStored), broker);
        return { topic: nodeTopic(id, "NDEATH"), payload: Buffer.from(nodeDeath(bdSeq, clock.wall().unixMs)) };
      },
      filters: commandFilters(id),
      subscribeRefused(filters) {
        const error = new UplinkError(
          "UPLINK_SUBSCRIBE_REFUSED",
          `the broker refused to let us hear ${filters.join(", ")}`,
        );
        recordFault(state, clock, error, broker);
      },
      message(topic, payload, retained) {
        const command = readCommand(id, topic, payload, retained);
        if ("message" in command) {
          if (command.kind === "oversize") state.oversizeMessages += 1;
          else state.malformedMessages += 1;
          log.debug("command.refused", { topic, message: command.message });
          return;
        }
        state.writesRefused += command.writesRefused;
        if (command.kind !== "rebirth") return;
        if (obeys(clock.monotonicMs())) telemetry.rebirth();
        else state.rebirthsRefused += 1;
      },
      oversize() {
        state.oversizeMessages += 1;
      },
    },
    signal,
  );
  return { connection, bdSeq };
}

function identityOf({ site, device, sparkplug, managementPrefix }: UplinkSnapshot): Identity {
  return { site, device, managementPrefix, group: sparkplug.group, edgeNode: sparkplug.edgeNode };
}

/** @throws {HalError} as the material says @throws {UplinkError} `UPLINK_MATERIAL_FAILED` for whatever else it fails with */
async function contextOf({ context }: BrokerParts, broker: BrokerSnapshot): Promise<SecureContext> {
  try {
    return await context(broker);
  } catch (error) {
    if (error instanceof HalError) throw error;
    throw new UplinkError("UPLINK_MATERIAL_FAILED", messageOf(error), { cause: error });
  }
}

function notStored(cause: unknown): UplinkError {
  return new UplinkError("UPLINK_STATE_FAILED", `bdSeq could not be stored: ${messageOf(cause)}`, { cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
