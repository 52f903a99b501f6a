import { join } from "node:path";

/** Longest path of a UNIX socket on Linux, `sun_path` less its closing zero. */
export const SOCKET_PATH_BYTES_MAX = 107;

/** Where the units of the package look for the configuration. */
export const DEFAULT_CONFIG_PATH = "/etc/holdfast/gateway.yaml";
export const DEFAULT_STATE_FOLDER = "/var/lib/holdfast";
export const DEFAULT_RUN_FOLDER = "/run/holdfast";

export type RoomName = "keeper" | "field" | "uplink";
export const ROOM_NAMES: readonly RoomName[] = ["keeper", "field", "uplink"];

/** Where the processes of one gateway meet and keep their state: one folder per room, one per pair of rooms. */
export interface Layout {
  readonly stateFolder: string;
  readonly runFolder: string;
}

export const roomFolder = (layout: Layout, room: RoomName): string => join(layout.stateFolder, room);

export type DoorName = "keeper-field" | "keeper-uplink" | "field-uplink" | "control";
export const DOOR_NAMES: readonly DoorName[] = ["keeper-field", "keeper-uplink", "field-uplink", "control"];

/** The folder is the guard: only the two rooms of the pair reach it. */
export const doorFolder = (layout: Layout, door: DoorName): string => join(layout.runFolder, door);
export const doorPath = (layout: Layout, door: DoorName): string => join(doorFolder(layout, door), "socket");
