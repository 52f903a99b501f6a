import { SERVED_DOORS } from "../../agent/process/commands.ts";
import { DOOR_NAMES, ROOM_NAMES, doorFolder, roomFolder } from "../../agent/process/layout.ts";
import type { DoorName, RoomName } from "../../agent/process/layout.ts";
import { CONFIG_FOLDER, LAYOUT, SECRETS_FOLDER } from "./places.ts";

/** One user per room, so that one taken over reaches nothing of the others. */
export const userOf = (room: RoomName): string => `holdfast-${room}`;

/** Who may knock at a door besides the room that opens it: the other room of the pair, or the operators. */
export const groupOf = (door: DoorName): string => (door === "control" ? "holdfast-operators" : `holdfast-${door}`);

/** Who opens the door. */
export function serverOf(door: DoorName): RoomName {
  const room = ROOM_NAMES.find((name) => SERVED_DOORS[name].includes(door));
  if (room === undefined) throw new TypeError(`nobody opens ${door}`);
  return room;
}

/** Groups that let a room knock at the doors of others. */
export function doorGroups(room: RoomName): readonly string[] {
  return DOOR_NAMES.filter((door) => serverOf(door) !== room && door.split("-").includes(room)).map(groupOf);
}

/** sysusers.d(5). Nobody is a member of a pair's group: the units alone give it to their processes. */
export function sysusersText(): string {
  return [
    "# The users of Holdfast's three rooms; the groups that may knock at the doors between them, and at the control socket.",
    ...DOOR_NAMES.map((door) => `g ${groupOf(door)} -`),
    ...ROOM_NAMES.map((room) => `u ${userOf(room)} - "Holdfast ${room}"`),
    "",
  ].join("\n");
}

/**
 * Its owner makes the socket, its group passes through to it, nobody else gets in. The set-group-ID bit gives the
 * socket the folder's group.
 */
const DOOR_MODE = "2710";

/** tmpfiles.d(5) */
export function tmpfilesText(): string {
  return [
    "# Where Holdfast's rooms meet, one folder per pair, and what each keeps.",
    `d ${LAYOUT.runFolder} 0755 root root -`,
    ...DOOR_NAMES.map(
      (door) => `d ${doorFolder(LAYOUT, door)} ${DOOR_MODE} ${userOf(serverOf(door))} ${groupOf(door)} -`,
    ),
    `d ${LAYOUT.stateFolder} 0755 root root -`,
    ...ROOM_NAMES.map((room) => `d ${roomFolder(LAYOUT, room)} 0700 ${userOf(room)} ${userOf(room)} -`),
    `d ${CONFIG_FOLDER} 0755 root root -`,
    `d ${SECRETS_FOLDER} 2750 root ${userOf("uplink")} -`,
    "",
  ].join("\n");
}
