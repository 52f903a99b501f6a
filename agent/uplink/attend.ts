import type { Clock, Timer } from "../../hal/clock.ts";
import type { UplinkSnapshot } from "../config/snapshot.ts";
import type { Connection } from "./mqtt/connection.ts";
import { UplinkError } from "./mqtt/fault.ts";
import { nodeDeath } from "./session/birth.ts";
import { MARK_ACKNOWLEDGED_MS_MAX } from "./session/limits.ts";
import { openStatusTopic } from "./session/status-topic.ts";
import type { StatusFacts } from "./session/status-topic.ts";
import type { Identity, Telemetry } from "./session/telemetry.ts";
import { nodeTopic } from "./sparkplug/topic.ts";
import type { UplinkState } from "./state.ts";

export interface AttendParts {
  readonly clock: Clock;
  readonly version: string;
  readonly telemetry: Telemetry;
  readonly state: UplinkState;
}

/**
 * One connection from its births to its end: a round each publishing period, an eye on the marks, the status topic.
 * Returns after a goodbye when `signal` aborts.
 * @throws {UplinkError} why the connection ended by itself
 */
export async function attend(
  parts: AttendParts,
  part: UplinkSnapshot,
  id: Identity,
  connection: Connection,
  bdSeq: number,
  signal: AbortSignal,
): Promise<void> {
  const { clock, telemetry } = parts;
  telemetry.brokerOpened(id, bdSeq, connection);
  using status = openStatusTopic(clock, id, connection, () => factsOf(parts));
  using _rounds = everyMs(clock, part.publishMs, () => {
    const waitedMs = clock.monotonicMs() - (telemetry.oldestMarkMs ?? clock.monotonicMs());
    if (waitedMs > MARK_ACKNOWLEDGED_MS_MAX) {
      connection.cut(
        new UplinkError("UPLINK_MARK_UNACKNOWLEDGED", `a mark was not acknowledged in ${MARK_ACKNOWLEDGED_MS_MAX} ms`),
      );
      return;
    }
    telemetry.round();
    status.touch();
  });
  try {
    const ended = await closedUnlessAborted(connection, signal);
    if (ended !== undefined) throw ended;
    telemetry.round();
    await connection.goodbye(nodeTopic(id, "NDEATH"), nodeDeath(bdSeq, clock.wall().unixMs));
  } finally {
    telemetry.brokerClosed();
  }
}

function factsOf({ version, telemetry, state }: AttendParts): StatusFacts {
  return {
    version,
    bootId: telemetry.bootId,
    configDigest: state.configDigest,
    configReport: state.configReport,
    writesRefused: state.writesRefused,
    malformedMessages: state.malformedMessages,
  };
}

function everyMs(clock: Clock, periodMs: number, act: () => void): Disposable {
  let timer: Timer;
  const again = (): void => {
    timer = clock.after(periodMs, () => {
      again();
      act();
    });
  };
  again();
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}

/** Why the connection ended, or undefined where the signal came first. */
async function closedUnlessAborted(connection: Connection, signal: AbortSignal): Promise<UplinkError | undefined> {
  let onAbort = (): void => {};
  const aborted = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined);
  });
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([connection.closed, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
