import { MACHINE_BOOT_ENV, roomArguments, roomEnvironment } from "../../../agent/process/commands.ts";
import { roomFolder } from "../../../agent/process/layout.ts";
import type { RoomName } from "../../../agent/process/layout.ts";
import { doorGroups, userOf } from "../accounts.ts";
import { LAYOUT, NOTIFY_EXEC, RUNTIME, bundle } from "../places.ts";
import { ROOM_SANDBOX, SANDBOX } from "./sandbox.ts";
import { unitText } from "./unit-file.ts";
import type { Section } from "./unit-file.ts";

const DESCRIPTION: Readonly<Record<RoomName, string>> = {
  keeper: "Holdfast keeper: configuration, status and the control socket",
  field: "Holdfast field: polls the field buses",
  uplink: "Holdfast uplink: carries telemetry to the broker",
};
/** Twice and more what a slow card stalls for; see WatchdogSec of systemd.service(5). */
const WATCHDOG_S = 30;
/** A room says goodbye within 3 s. */
const STOP_S = 10;
/** Serial ports of USB adapters: their drivers' names are known to the kernel once the modules are loaded. */
const USB_SERIAL_MODULES = ["modprobe@usbserial.service", "modprobe@cdc_acm.service"];
/** Found in /etc/credstore, where the site puts them; a missing one is no error. */
export const CREDENTIALS = ["holdfast.uplink-key", "holdfast.uplink-password"];
/** Found in /etc/credstore.encrypted. Names of their own: systemd 252 takes a credential in clear or encrypted, never either. */
export const ENCRYPTED_CREDENTIALS = CREDENTIALS.map((name) => `${name}-encrypted`);

/** The unit of one room. Its command line is the one `holdfast run` would use. */
export function roomUnit(room: RoomName): string {
  const modules: Section = room === "field" ? { Wants: USB_SERIAL_MODULES, After: USB_SERIAL_MODULES } : {};
  return unitText({
    Unit: {
      Description: DESCRIPTION[room],
      Documentation: "man:holdfast(8)",
      PartOf: "holdfast.target",
      ...modules,
      // a gateway is never given up
      StartLimitIntervalSec: "0",
    },
    Service: {
      Type: "notify",
      NotifyAccess: "main",
      WatchdogSec: `${WATCHDOG_S}s`,
      ExecStart: [NOTIFY_EXEC, RUNTIME, ...roomArguments(room, LAYOUT, bundle(room))].join(" "),
      Environment: [
        ...Object.entries(roomEnvironment(room)).map(([name, value]) => `${name}=${value}`),
        // %b is the kernel's name for this start of the machine, which ProcSubset=pid hides
        ...(room === "field" ? [`${MACHINE_BOOT_ENV}=%b`] : []),
      ],
      Restart: "always",
      RestartSec: "500ms",
      TimeoutStartSec: "30s",
      TimeoutStopSec: `${STOP_S}s`,
      User: userOf(room),
      Group: userOf(room),
      SupplementaryGroups: [...doorGroups(room), ...(room === "field" ? ["dialout"] : [])].join(" "),
      StateDirectory: roomFolder(LAYOUT, room).slice("/var/lib/".length),
      StateDirectoryMode: "0700",
      ...(room === "uplink" ? { LoadCredential: CREDENTIALS, LoadCredentialEncrypted: ENCRYPTED_CREDENTIALS } : {}),
      SyslogIdentifier: `holdfast-${room}`,
      // when memory runs out, others go first
      ...(room === "field" ? { OOMScoreAdjust: "-500" } : {}),
      LogNamespace: "holdfast",
      LogRateLimitIntervalSec: "30s",
      LogRateLimitBurst: "500",
      ...SANDBOX,
      ...ROOM_SANDBOX[room],
    },
  });
}
