import { DOOR_NAMES, ROOM_NAMES, doorPath, roomFolder } from "../../../agent/process/layout.ts";
import { doorGroups, groupOf, serverOf, userOf } from "../accounts.ts";
import { CONFIG_PATH, DOC_FOLDER, LAYOUT, SECRETS_FOLDER } from "../places.ts";
import { CREDENTIALS, ENCRYPTED_CREDENTIALS } from "../unit/room-unit.ts";
import { bold, manualPage, roff, tagged } from "./roff.ts";

/** holdfast(8): the units, users and files of the package. */
export function servicePage(version: string, epochS: number): string {
  return manualPage({
    name: "holdfast",
    section: 8,
    version,
    epochS,
    summary: "units, users and files of an installed Holdfast gateway",
    sections: [
      ["SYNOPSIS", ["target", ...ROOM_NAMES, "config"].map((name) => roff(unit(name))).join("\n.br\n")],
      [
        "DESCRIPTION",
        roff(
          `holdfast.target runs the gateway as three processes, each as a user of its own in a sandbox of its own, so that breaking one does not break the others. holdfast-config.path offers ${CONFIG_PATH} to the gateway whenever it changes; a file that is refused fails holdfast-config.service and changes nothing else. All of them write to a journal of their own: journalctl --namespace=holdfast.`,
        ),
      ],
      ["COMMISSIONING", PROCEDURE.map(([what, how]) => tagged(roff(what), roff(how))).join("\n")],
      ["WHERE TO LOOK", LOOK.map(([line, what]) => tagged(bold(line), roff(what))).join("\n")],
      [
        "USERS",
        [
          ...ROOM_NAMES.map((room) => tagged(bold(userOf(room)), roff(groupsText(room)))),
          tagged(bold(groupOf("control")), roff("the group that may ask holdfast status and apply a configuration")),
        ].join("\n"),
      ],
      [
        "FILES",
        [
          tagged(roff(CONFIG_PATH), roff("the configuration, made by whoever runs the gateway; it holds no secret")),
          tagged(roff(SECRETS_FOLDER), roff(`PEM and password files, readable by root and ${userOf("uplink")}`)),
          ...ROOM_NAMES.map((room) => tagged(roff(roomFolder(LAYOUT, room)), roff(`what ${room} keeps`))),
          ...DOOR_NAMES.map((door) => tagged(roff(doorPath(LAYOUT, door)), roff(doorText(door)))),
          tagged(
            roff("/run/credentials/holdfast-uplink.service"),
            roff(
              `what uplink alone sees, where the site has made it: ${CREDENTIALS.join(" and ")} of /etc/credstore; ${ENCRYPTED_CREDENTIALS.join(" and ")} of /etc/credstore.encrypted, decrypted`,
            ),
          ),
        ].join("\n"),
      ],
      ["SEE ALSO", `${bold("holdfast")}(1),\n${bold("holdfast-gateway.yaml")}(5),\n${bold("systemd.exec")}(5)`],
    ],
  });
}

/** What a fresh installation waits for, and what a site changes later. */
const PROCEDURE = [
  [
    "Credentials",
    `Copy the PEM files to ${SECRETS_FOLDER}, mode 0640; one that was moved there needs chgrp ${userOf("uplink")}.`,
  ],
  [
    "Configuration",
    `Copy ${DOC_FOLDER}/examples/gateway.yaml to ${CONFIG_PATH} and edit it. It is checked and applied whenever it changes.`,
  ],
  [
    "Field devices outside the private networks, other serial drivers, more memory",
    "systemctl edit holdfast-field, with IPAddressAllow=, DeviceAllow= or MemoryMax= below [Service], and a restart of that unit.",
  ],
] as const;

const LOOK = [
  ["holdfast status", "the gateway as a whole, and what is wrong with it"],
  ["systemctl status holdfast-config", "what the last configuration file was refused for"],
  [`holdfast uplink test ${CONFIG_PATH}`, "how far it is to the broker; as root, who may read the key"],
  ["journalctl --namespace=holdfast --unit=holdfast-uplink", "what one process logged"],
  ["systemd-analyze security holdfast-field", "what a process may not"],
] as const;

const unit = (name: string): string => (name === "target" ? "holdfast.target" : `holdfast-${name}.service`);

function groupsText(room: (typeof ROOM_NAMES)[number]): string {
  const groups = doorGroups(room);
  return `runs ${unit(room)}${groups.length === 0 ? "" : `, which also has the group ${groups.join(" and ")}`}`;
}

function doorText(door: (typeof DOOR_NAMES)[number]): string {
  return `opened by ${userOf(serverOf(door))}, reached by the group ${groupOf(door)}`;
}
