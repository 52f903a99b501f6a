import type { RoomName } from "../../../agent/process/layout.ts";
import { SERVED_DOORS } from "../../../agent/process/commands.ts";
import { doorFolder } from "../../../agent/process/layout.ts";
import { CONFIG_FOLDER, LAYOUT } from "../places.ts";
import type { Section } from "./unit-file.ts";

/** What a service does, without what only administrators and real-time programs do. */
const SYSTEM_CALLS = ["@system-service", "~@privileged @resources"];

/**
 * What none of Holdfast's processes needs, taken from all of them. MemoryDenyWriteExecute is missing: V8 compiles to
 * memory that it then executes.
 * @see systemd.exec(5)
 */
export const SANDBOX: Section = {
  NoNewPrivileges: "yes",
  CapabilityBoundingSet: "",
  AmbientCapabilities: "",
  ProtectSystem: "strict",
  ProtectHome: "yes",
  PrivateTmp: "yes",
  PrivateUsers: "yes",
  PrivateIPC: "yes",
  ProtectProc: "invisible",
  ProcSubset: "pid",
  ProtectClock: "yes",
  ProtectControlGroups: "yes",
  ProtectHostname: "yes",
  ProtectKernelLogs: "yes",
  ProtectKernelModules: "yes",
  ProtectKernelTunables: "yes",
  RestrictNamespaces: "yes",
  RestrictRealtime: "yes",
  RestrictSUIDSGID: "yes",
  LockPersonality: "yes",
  RemoveIPC: "yes",
  KeyringMode: "private",
  UMask: "0077",
  LimitCORE: "0",
  DevicePolicy: "closed",
  SystemCallArchitectures: "native",
  SystemCallFilter: SYSTEM_CALLS,
  SystemCallErrorNumber: "EPERM",
};

/** Serial ports by the kernel's names for their drivers: on the board, on USB, on Raspberry Pi and other ARM boards. */
const SERIAL_DRIVERS = ["ttyS", "ttyUSB", "ttyACM", "ttyAMA", "ttymxc", "ttyO", "ttySC", "ttyMAX", "ttyPS"];
/** Field buses live in private networks; a site with others says so in a drop-in. */
const PRIVATE_NETWORKS = ["localhost", "link-local", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];
/** Every port, and not 0: binding to an address of an interface, for a connection that goes out, is port 0. */
const LISTENING = "1-65535";
/** Netlink tells the addresses of an interface, and the resolver which families there are. */
const OUTGOING_FAMILIES = "AF_UNIX AF_INET AF_INET6 AF_NETLINK";

/** What each room may touch besides. */
export const ROOM_SANDBOX: Readonly<Record<RoomName, Section>> = {
  keeper: {
    PrivateDevices: "yes",
    PrivateNetwork: "yes",
    IPAddressDeny: "any",
    RestrictAddressFamilies: "AF_UNIX",
    InaccessiblePaths: `-${CONFIG_FOLDER}`,
    ReadWritePaths: doorFolders("keeper"),
    MemoryHigh: "128M",
    MemoryMax: "192M",
    TasksMax: "32",
  },
  field: {
    DeviceAllow: SERIAL_DRIVERS.map((driver) => `char-${driver} rw`),
    IPAddressDeny: "any",
    IPAddressAllow: PRIVATE_NETWORKS.join(" "),
    SocketBindDeny: LISTENING,
    RestrictAddressFamilies: OUTGOING_FAMILIES,
    ReadWritePaths: doorFolders("field"),
    MemoryHigh: "256M",
    MemoryMax: "384M",
    TasksMax: "64",
  },
  uplink: {
    PrivateDevices: "yes",
    // the broker may be anywhere; nobody may come here
    SocketBindDeny: LISTENING,
    // not even where the kernel knows no SocketBindDeny
    SystemCallFilter: [...SYSTEM_CALLS, "~listen accept accept4"],
    RestrictAddressFamilies: OUTGOING_FAMILIES,
    MemoryHigh: "256M",
    MemoryMax: "384M",
    TasksMax: "32",
  },
};

function doorFolders(room: RoomName): readonly string[] {
  return SERVED_DOORS[room].map((door) => doorFolder(LAYOUT, door));
}
