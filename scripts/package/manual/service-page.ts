import { DOOR_NAMES, ROOM_NAMES, doorPath, roomFolder } from "../../../agent/process/layout.ts";
import { doorGroups, groupOf, serverOf, userOf } from "../accounts.ts";
import { CONFIG_PATH, LAYOUT, SECRETS_FOLDER } from "../places.ts";
import { CREDENTIALS } from "../unit/room-unit.ts";
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
      ["SYNOPSIS", ["target", ...ROOM_NAMES].map((name) => roff(unit(name))).join("\n.br\n")],
      [
        "DESCRIPTION",
        roff(
          `holdfast.target runs the gateway as three processes, each as a user of its own in a sandbox of its own, so that breaking one does not break the others. holdfast-config.path offers ${CONFIG_PATH} to the gateway whenever it changes; a file that is refused fails holdfast-config.service and changes nothing else. All of them write to a journal of their own: journalctl --namespace=holdfast.`,
        ),
      ],
      ["USERS", ROOM_NAMES.map((room) => tagged(bold(userOf(room)), roff(groupsText(room)))).join("\n")],
      [
        "FILES",
        [
          tagged(roff(CONFIG_PATH), roff("the configuration, made by whoever runs the gateway; it holds no secret")),
          tagged(roff(SECRETS_FOLDER), roff(`PEM and password files, readable by root and ${userOf("uplink")}`)),
          ...ROOM_NAMES.map((room) => tagged(roff(roomFolder(LAYOUT, room)), roff(`what ${room} keeps`))),
          ...DOOR_NAMES.map((door) => tagged(roff(doorPath(LAYOUT, door)), roff(doorText(door)))),
          ...CREDENTIALS.map((name) =>
            tagged(
              roff(`/run/credentials/holdfast-uplink.service/${name}`),
              roff(`the credential ${name} of /etc/credstore or /etc/credstore.encrypted, where there is one`),
            ),
          ),
        ].join("\n"),
      ],
      ["SEE ALSO", `${bold("holdfast")}(1),\n${bold("holdfast-gateway.yaml")}(5),\n${bold("systemd.exec")}(5)`],
    ],
  });
}

const unit = (name: string): string => (name === "target" ? "holdfast.target" : `holdfast-${name}.service`);

function groupsText(room: (typeof ROOM_NAMES)[number]): string {
  const groups = doorGroups(room);
  return `runs ${unit(room)}${groups.length === 0 ? "" : `, which also has the group ${groups.join(" and ")}`}`;
}

function doorText(door: (typeof DOOR_NAMES)[number]): string {
  return `opened by ${userOf(serverOf(door))}, reached by the group ${groupOf(door)}`;
}
