import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxDatagrams } from "../../hal/linux/datagram.ts";
import { linuxDisk } from "../../hal/linux/disk.ts";
import { linuxEntropy } from "../../hal/linux/entropy.ts";
import { linuxNetwork } from "../../hal/linux/network.ts";
import { unixDialer } from "../contract/unix-door.ts";
import { runUplink } from "../uplink/room.ts";
import { RUNTIME, VERSION } from "../version.ts";
import { doorPath, roomFolder } from "./layout.ts";
import { runRoomProcess } from "./run-room.ts";
import { readSinkMaterial } from "./sink-material.ts";
import { readTlsMaterial } from "./tls-material.ts";

runRoomProcess("uplink", (layout, log, standing, signal) => {
  const network = linuxNetwork();
  return runUplink(
    {
      clock: linuxClock(),
      entropy: linuxEntropy(),
      network,
      datagrams: linuxDatagrams(),
      disk: linuxDisk(roomFolder(layout, "uplink")),
      material: readTlsMaterial,
      sinkMaterial: readSinkMaterial,
      field: unixDialer(network, doorPath(layout, "field-uplink")),
      keeper: unixDialer(network, doorPath(layout, "keeper-uplink")),
      log,
      standing,
      version: VERSION,
      runtime: RUNTIME,
    },
    signal,
  );
});
