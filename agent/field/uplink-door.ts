import type { Clock } from "../../hal/clock.ts";
import { sleep } from "../../hal/clock.ts";
import type { ByteStream } from "../../hal/network.ts";
import type { Door } from "../contract/door.ts";
import type { FieldFacts } from "../contract/health.ts";
import type { Log } from "../contract/log.ts";
import { reportFacts } from "./health.ts";
import type { Outbox } from "./outbox/outbox.ts";
import { feedShown } from "./outbox/shown.ts";
import type { ShownList } from "./outbox/shown.ts";
import { UplinkSession } from "./outbox/uplink-session.ts";
import type { UplinkSessionParts } from "./outbox/uplink-session.ts";
import type { PointBook } from "./points/book.ts";

const RETRY_MS = 1_000;

export interface UplinkDoorParts extends UplinkSessionParts {
  readonly clock: Clock;
  readonly uplink: Door;
  readonly log: Log;
  readonly book: PointBook;
  /** points that the Modbus server of the uplink shows */
  readonly shown: () => ShownList | undefined;
  /** how the field is now */
  readonly facts: () => FieldFacts;
}

/**
 * Waits for the uplink until `signal` aborts. A door that cannot be opened is tried again: the field polls and keeps its
 * values meanwhile.
 */
export async function awaitUplink(parts: UplinkDoorParts, outbox: Outbox, signal: AbortSignal): Promise<void> {
  const { clock, uplink, log } = parts;
  while (!signal.aborted) {
    try {
      await using _door = await uplink.serve((stream) => serveUplink(stream, parts, outbox));
      await aborted(signal);
    } catch (error) {
      log.error("uplink.door-closed", { message: error instanceof Error ? error.message : String(error) });
      await sleep(clock, RETRY_MS, signal).catch(() => {});
    }
  }
}

/** There is one uplink: a new connection means that the old one is gone, whether or not its end was heard. */
function serveUplink(stream: ByteStream, parts: UplinkDoorParts, outbox: Outbox): void {
  const { clock, facts, log, events } = parts;
  outbox.listener?.close();
  outbox.disconnected();
  const session = new UplinkSession(stream, outbox, parts);
  outbox.listener = session;
  const reports = reportFacts(clock, facts, (now) => session.health(now));
  const shown = feedShown(clock, parts.book, parts.shown, session);
  log.info("uplink.connected");
  void session.closed.then((refusal) => {
    reports[Symbol.dispose]();
    shown[Symbol.dispose]();
    log.warn("uplink.gone", refusal === undefined ? {} : { code: refusal.code });
    if (outbox.listener !== session) return;
    outbox.listener = undefined;
    events.listener = undefined;
    outbox.disconnected();
    parts.contact(false);
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
