import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxDisk } from "../../hal/linux/disk.ts";
import { linuxNetwork } from "../../hal/linux/network.ts";
import { unixDoor } from "../contract/unix-door.ts";
import { runKeeper } from "../keeper/room.ts";
import { VERSION } from "../version.ts";
import { doorPath, roomFolder } from "./layout.ts";
import { runRoomProcess } from "./run-room.ts";

runRoomProcess("keeper", (layout, log, standing, signal) => {
  const network = linuxNetwork();
  return runKeeper(
    {
      clock: linuxClock(),
      disk: linuxDisk(roomFolder(layout, "keeper")),
      field: unixDoor(network, doorPath(layout, "keeper-field")),
      uplink: unixDoor(network, doorPath(layout, "keeper-uplink")),
      control: unixDoor(network, doorPath(layout, "control")),
      log,
      standing,
      version: VERSION,
    },
    signal,
  );
});
