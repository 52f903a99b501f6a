import type { DeviceSnapshot } from "../../config/snapshot.ts";
import type { Source } from "../points/source.ts";
import type { DeviceHealth } from "./device-health.ts";

/** Whom a poll asks. */
export interface PolledDevice {
  readonly snapshot: DeviceSnapshot;
  readonly source: Source;
  readonly health: DeviceHealth;
}
