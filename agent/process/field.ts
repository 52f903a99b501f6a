import { linuxDigitalIo } from "../../hal/linux/digital-io.ts";
import { linuxMachineBoot } from "../../hal/linux/machine-boot.ts";
import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxDisk } from "../../hal/linux/disk.ts";
import { linuxEntropy } from "../../hal/linux/entropy.ts";
import { linuxNetwork } from "../../hal/linux/network.ts";
import { linuxSerial } from "../../hal/linux/serial.ts";
import { unixDialer, unixDoor } from "../contract/unix-door.ts";
import { runField } from "../field/room.ts";
import { MACHINE_BOOT_ENV } from "./commands.ts";
import { doorPath, roomFolder } from "./layout.ts";
import { runRoomProcess } from "./run-room.ts";

runRoomProcess("field", (layout, log, standing, signal) => {
  const network = linuxNetwork();
  const clock = linuxClock();
  return runField(
    {
      clock,
      entropy: linuxEntropy(),
      network,
      serial: linuxSerial(),
      digitalIo: linuxDigitalIo(clock),
      machineBoot: linuxMachineBoot(process.env[MACHINE_BOOT_ENV]),
      disk: linuxDisk(roomFolder(layout, "field")),
      keeper: unixDialer(network, doorPath(layout, "keeper-field")),
      uplink: unixDoor(network, doorPath(layout, "field-uplink")),
      log,
      standing,
    },
    signal,
  );
});
