import { every } from "../../hal/clock.ts";
import type { Clock } from "../../hal/clock.ts";
import type { UplinkSnapshot } from "../config/snapshot.ts";
import { openManagement } from "./management/management.ts";
import type { Connection } from "./mqtt/connection.ts";
import { UplinkError } from "./mqtt/fault.ts";
import { spreadOf } from "./pace/spread.ts";
import { nodeDeath } from "./session/birth.ts";
import { openHostGate } from "./session/host-gate.ts";
import { MARK_ACKNOWLEDGED_MS_MAX } from "./session/limits.ts";
import type { PrimaryHost } from "./session/primary-host.ts";
import type { Identity, Telemetry } from "./session/telemetry.ts";
import { nodeTopic } from "./sparkplug/topic.ts";
import type { UplinkState } from "./state.ts";

export interface AttendParts {
  readonly clock: Clock;
  readonly version: string;
  readonly runtime: string;
  readonly telemetry: Telemetry;
  readonly state: UplinkState;
}

/** Gateways connect spread over time; a host that comes online later is what all of them are told in the same instant. */
const CONNECTED_JUST_NOW_MS = 2_000;

/** One connection and what its CONNECT said. */
export interface Attended {
  readonly part: UplinkSnapshot;
  readonly id: Identity;
  readonly connection: Connection;
  /** the number in its Will */
  readonly bdSeq: number;
  /** as the inbox of this connection hears it; undefined where nothing waits for one */
  readonly host: PrimaryHost | undefined;
}

/** Why a connection is over, and whether there is still somebody to say goodbye to. */
interface End {
  readonly gone: boolean;
  readonly why?: UplinkError;
}

/**
 * One connection from its births to its end: the wait for the primary host, a round each publishing period, an eye on
 * the marks, the management topics. Returns after a goodbye when `signal` aborts.
 * @throws {UplinkError} `UPLINK_PRIMARY_HOST_AWAY` after a goodbye: the next broker is worth an attempt at once;
 *   otherwise why the connection ended by itself
 */
export async function attend(parts: AttendParts, attended: Attended, signal: AbortSignal): Promise<void> {
  const { clock, telemetry, state } = parts;
  const { part, id, connection, bdSeq, host } = attended;
  const over = Promise.withResolvers<End>();
  void connection.closed.then((why) => over.resolve({ gone: true, why }));
  const onAbort = (): void => over.resolve({ gone: false });
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  using session = new DisposableStack();
  session.defer(() => signal.removeEventListener("abort", onAbort));
  const management = openManagement(parts, id, bdSeq, connection);
  const sinceMs = clock.monotonicMs();
  const begin = (): void => {
    state.state = "online";
    session.use(openSession(parts, attended));
    // births are the first thing an edge node publishes, whatever the namespace
    management.round();
    session.use(every(clock, part.publishMs, () => management.round()));
  };
  try {
    if (host === undefined) begin();
    else {
      state.state = "waiting-for-host";
      session.use(
        openHostGate({
          clock,
          host,
          elsewhere: part.brokers.length > 1,
          show: (seen) => void (state.primaryHost = seen),
          online() {
            const sudden = clock.monotonicMs() - sinceMs > CONNECTED_JUST_NOW_MS;
            session.use(clock.after(sudden ? spreadOf(part).rebirthMs(state.births) : 0, begin));
          },
          away: (why) => over.resolve({ gone: false, why }),
        }),
      );
    }
    const { gone, why } = await over.promise;
    // nothing may be published after the death, however long its acknowledgement takes
    session.dispose();
    if (!gone) {
      if (why === undefined) telemetry.round();
      management.goodbye();
      await connection.goodbye(nodeTopic(id, "NDEATH"), nodeDeath(bdSeq, clock.wall().unixMs));
    }
    if (why !== undefined) throw why;
  } finally {
    telemetry.brokerClosed();
  }
}

/** Births, and rounds from then on. */
function openSession(parts: AttendParts, { part, id, connection, bdSeq }: Attended): Disposable {
  const { clock, telemetry } = parts;
  const session = new DisposableStack();
  telemetry.brokerOpened(id, bdSeq, connection);
  session.use(
    every(clock, part.publishMs, () => {
      const waitedMs = clock.monotonicMs() - (telemetry.oldestMarkMs ?? clock.monotonicMs());
      if (waitedMs > MARK_ACKNOWLEDGED_MS_MAX) {
        const late = `a mark was not acknowledged in ${MARK_ACKNOWLEDGED_MS_MAX} ms`;
        connection.cut(new UplinkError("UPLINK_MARK_UNACKNOWLEDGED", late));
        return;
      }
      telemetry.round();
    }),
  );
  return session;
}
