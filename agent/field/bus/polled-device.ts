import type { DeviceSnapshot } from "../../config/snapshot.ts";
import type { DeviceSource } from "../points/device-source.ts";
import type { DeviceHealth } from "./device-health.ts";

/** Whom a poll asks. */
export interface PolledDevice {
  readonly snapshot: DeviceSnapshot;
  readonly source: DeviceSource;
  readonly health: DeviceHealth;
}
