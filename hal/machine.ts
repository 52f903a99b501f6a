import type { Clock } from "./clock.ts";
import type { Datagrams } from "./datagram.ts";
import type { DigitalIo } from "./digital-io.ts";
import type { Disk } from "./disk.ts";
import type { Entropy } from "./entropy.ts";
import type { MachineBoot } from "./machine-boot.ts";
import type { Network } from "./network.ts";
import type { Serial } from "./serial.ts";

/** What one process may touch. A room is given no more of it than its row in the architecture allows. */
export interface Machine {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly network: Network;
  readonly datagrams: Datagrams;
  readonly serial: Serial;
  readonly digitalIo: DigitalIo;
  readonly machineBoot: MachineBoot;
  /** the room's own folder */
  readonly disk: Disk;
}
