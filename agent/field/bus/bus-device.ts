import type { DeviceSnapshot } from "../../config/snapshot.ts";
import type { Source } from "../points/source.ts";
import type { DeviceHealth } from "./device-health.ts";
import type { Poll } from "./poll.ts";

/** One device as its arbiter sees it. */
export interface BusDevice {
  readonly snapshot: DeviceSnapshot;
  readonly source: Source;
  readonly health: DeviceHealth;
  readonly polls: Poll[];
}
