import type { Clock } from "../../../hal/clock.ts";
import type { PrimaryHost as PrimaryHostStatus } from "../../contract/uplink-status.ts";
import { UplinkError } from "../mqtt/fault.ts";
import { HOST_SILENCE_MS_MAX } from "./limits.ts";
import type { PrimaryHost } from "./primary-host.ts";

export interface HostGateParts {
  readonly clock: Pick<Clock, "after">;
  readonly host: PrimaryHost;
  /** whether there is another broker that the host may be connected to */
  readonly elsewhere: boolean;
  /** Told at once, and whenever it changes. */
  show(host: PrimaryHostStatus): void;
  /** Once: births may go. */
  online(): void;
  /** The connection is to be given up. */
  away(why: UplinkError): void;
}

/**
 * Lets births through once the primary host is online, and asks to leave when it goes. With one broker the wait has no
 * end; with several, a host that is not at this one is looked for at the next.
 * @see Sparkplug B 3.0 §5.4, §5.5 and §5.10
 */
export function openHostGate({ clock, host, elsewhere, show, online, away }: HostGateParts): Disposable {
  let serving = false;
  const leave = (what: string): void => {
    away(new UplinkError("UPLINK_PRIMARY_HOST_AWAY", `primary host ${host.id} ${what}`));
  };
  const look = (): void => {
    show({ id: host.id, state: host.state });
    if (host.state === "online" && !serving) {
      serving = true;
      online();
    } else if (host.state === "offline" && (serving || elsewhere)) leave("is offline");
  };
  const watch = host.watch(look);
  const patience = clock.after(HOST_SILENCE_MS_MAX, () => {
    if (elsewhere && host.state === "unknown") leave(`said nothing on this broker in ${HOST_SILENCE_MS_MAX} ms`);
  });
  look();
  return {
    [Symbol.dispose]() {
      watch[Symbol.dispose]();
      patience[Symbol.dispose]();
      show({ id: host.id, state: "unknown" });
    },
  };
}
