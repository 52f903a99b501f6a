import type { Poll } from "./poll.ts";
import type { PolledDevice } from "./polled-device.ts";

/** One device as its arbiter sees it. */
export interface BusDevice extends PolledDevice {
  readonly polls: Poll[];
}
