import type { XStatic } from "typebox/schema";
import { Fault } from "./fault.ts";
import { NAME_CHARS_MAX } from "./telemetry.ts";

/** Receivers of alarms one gateway may have; each has a queue of its own. */
export const ALARM_SINKS_MAX = 8;

const count = { type: "integer", minimum: 0 } as const;

/** One receiver of alarms beside Sparkplug and `status`. Counts are since `uplink` started or the receiver was configured. */
export const AlarmSinkStatus = {
  type: "object",
  additionalProperties: false,
  required: ["name", "address", "state", "waiting", "delivered", "lost", "refused"],
  properties: {
    name: { type: "string", minLength: 1, maxLength: NAME_CHARS_MAX },
    /** kind, host and port */
    address: { type: "string", maxLength: 512 },
    /** `retrying`: the latest attempt failed */
    state: { enum: ["idle", "sending", "retrying"] },
    waiting: count,
    delivered: count,
    /** pushed out of a full queue, here or in `field`, or given up after refusals: the receiver is told how many and where */
    lost: count,
    /** of the lost, those that the receiver itself refused */
    refused: count,
    lastFault: Fault,
  },
} as const;
export type AlarmSinkStatus = XStatic<typeof AlarmSinkStatus>;
