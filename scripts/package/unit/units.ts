import { applyWords } from "../../../agent/process/commands.ts";
import { ROOM_NAMES } from "../../../agent/process/layout.ts";
import { groupOf } from "../accounts.ts";
import { CONFIG_FOLDER, CONFIG_PATH, LAYOUT, PART_FOLDERS, RUNTIME, bundle } from "../places.ts";
import { roomUnit } from "./room-unit.ts";
import { SANDBOX } from "./sandbox.ts";
import { unitText } from "./unit-file.ts";

export const UNIT_FOLDER = "/lib/systemd/system";

/** All units by name. */
export function units(): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(ROOM_NAMES.map((room) => [`holdfast-${room}.service`, roomUnit(room)])),
    "holdfast.target": target(),
    "holdfast-config.path": configPath("the configuration file", [CONFIG_PATH, CONFIG_FOLDER]),
    "holdfast-config-parts.path": configPath("the folders of its further files", PART_FOLDERS),
    "holdfast-config.service": configService(),
  };
}

function target(): string {
  const rooms = ROOM_NAMES.map((room) => `holdfast-${room}.service`);
  return unitText({
    Unit: {
      Description: "Holdfast industrial gateway",
      Documentation: "man:holdfast(8)",
      Wants: [...rooms, "holdfast-config.path", "holdfast-config-parts.path", "holdfast-config.service"].join(" "),
    },
    Install: { WantedBy: "multi-user.target" },
  });
}

/**
 * Folders that may not exist have a unit apart: for them systemd watches what is above, and each event there makes it
 * watch every path of the unit anew and forget what it had heard of the others.
 * @see systemd 252, src/core/path.c (path_dispatch_io)
 */
function configPath(what: string, paths: readonly string[]): string {
  return unitText({
    Unit: {
      Description: `Holdfast: watch ${what}`,
      Documentation: "man:holdfast(8)",
      PartOf: "holdfast.target",
    },
    Path: {
      PathChanged: paths,
      Unit: "holdfast-config.service",
    },
  });
}

/**
 * Offers the file to `keeper`, at start and after each change, as nobody who may do anything else. A file that is refused
 * fails this unit and stops no other.
 */
function configService(): string {
  return unitText({
    Unit: {
      Description: "Holdfast: apply the configuration file",
      Documentation: "man:holdfast-gateway.yaml(5)",
      PartOf: "holdfast.target",
      Wants: "holdfast-keeper.service",
      After: "holdfast-keeper.service",
      ConditionPathExists: CONFIG_PATH,
      // an editor that saves ten times in a row is no crash loop
      StartLimitIntervalSec: "0",
    },
    Service: {
      Type: "oneshot",
      ExecStart: [RUNTIME, bundle("holdfast"), ...applyWords(CONFIG_PATH, LAYOUT)].join(" "),
      // 4: keeper could not be asked, which passes; 1 to 3: the file or the call is wrong, which does not
      Restart: "on-failure",
      RestartSec: "1s",
      RestartPreventExitStatus: "1 2 3",
      TimeoutStartSec: "60s",
      DynamicUser: "yes",
      SupplementaryGroups: groupOf("control"),
      LogNamespace: "holdfast",
      ...SANDBOX,
      PrivateDevices: "yes",
      PrivateNetwork: "yes",
      IPAddressDeny: "any",
      RestrictAddressFamilies: "AF_UNIX",
      MemoryMax: "768M",
      TasksMax: "32",
    },
  });
}

/** journald.conf(5) of the units' own journal: what they say never pushes out what the system says, nor fills the disk. */
export const JOURNAL_TEXT = `[Journal]
SystemMaxUse=64M
RuntimeMaxUse=16M
SystemMaxFileSize=8M
RateLimitIntervalSec=30s
RateLimitBurst=2000
`;
