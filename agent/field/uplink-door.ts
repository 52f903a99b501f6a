import type { Clock } from "../../hal/clock.ts";
import { sleep } from "../../hal/clock.ts";
import type { ByteStream } from "../../hal/network.ts";
import type { Door } from "../contract/door.ts";
import type { FieldFacts } from "../contract/health.ts";
import type { Log } from "../contract/log.ts";
import { reportFacts } from "./health.ts";
import type { Outbox } from "./outbox/outbox.ts";
import { UplinkSession } from "./outbox/uplink-session.ts";

const RETRY_MS = 1_000;

export interface UplinkDoorParts {
  readonly clock: Clock;
  readonly uplink: Door;
  readonly log: Log;
  /** how the field is now */
  readonly facts: () => FieldFacts;
}

/**
 * Waits for the uplink until `signal` aborts. A door that cannot be opened is tried again: the field polls and keeps its
 * values meanwhile.
 */
export async function awaitUplink(
  parts: UplinkDoorParts,
  outbox: Outbox,
  bootId: string,
  signal: AbortSignal,
): Promise<void> {
  const { clock, uplink, log } = parts;
  while (!signal.aborted) {
    try {
      await using _door = await uplink.serve((stream) => serveUplink(stream, parts, outbox, bootId));
      await aborted(signal);
    } catch (error) {
      log.error("uplink.door-closed", { message: error instanceof Error ? error.message : String(error) });
      await sleep(clock, RETRY_MS, signal).catch(() => {});
    }
  }
}

/** There is one uplink: a new connection means that the old one is gone, whether or not its end was heard. */
function serveUplink(stream: ByteStream, { clock, facts, log }: UplinkDoorParts, outbox: Outbox, bootId: string): void {
  outbox.listener?.close();
  outbox.disconnected();
  const session = new UplinkSession(stream, outbox, bootId);
  outbox.listener = session;
  const reports = reportFacts(clock, facts, (now) => session.health(now));
  log.info("uplink.connected");
  void session.closed.then((refusal) => {
    reports[Symbol.dispose]();
    log.warn("uplink.gone", refusal === undefined ? {} : { code: refusal.code });
    if (outbox.listener !== session) return;
    outbox.listener = undefined;
    outbox.disconnected();
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
