import type { Clock, Timer } from "../../hal/clock.ts";
import type { Notification } from "../../hal/notification.ts";
import type { Log } from "../contract/log.ts";
import type { Standing } from "../contract/standing.ts";

/** Signs of life in one watchdog period: two may come late or be lost. */
const SIGNS_PER_PERIOD = 3;

/**
 * Passes on to the service manager what the room says, and a sign of life for as long as timers fire and the room says
 * it is well. Before it is ready there is none: until then the manager's patience with a start holds.
 */
export function openStanding(clock: Clock, notification: Notification, log: Log): Standing & Disposable {
  const { watchdogMs } = notification;
  let timer: Timer | undefined;
  let well = true;
  const look = (isWell: () => boolean, everyMs: number): void => {
    const now = isWell();
    if (now) notification.alive();
    if (now !== well) log.warn(now ? "process.well-again" : "process.unwell", { watchdogMs });
    well = now;
    timer = clock.after(everyMs, () => look(isWell, everyMs));
  };
  return {
    ready(isWell) {
      notification.ready();
      if (watchdogMs !== undefined && timer === undefined) look(isWell, watchdogMs / SIGNS_PER_PERIOD);
    },
    says: (text) => notification.status(text),
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]();
      notification.stopping();
    },
  };
}
