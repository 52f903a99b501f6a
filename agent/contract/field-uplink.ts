import type { XStatic } from "typebox/schema";
import type { AlarmEventsTaken, AlarmReceivers } from "./alarm-cursors.ts";
import type { AlarmEvent } from "./alarms.ts";
import type { FieldHealth } from "./health.ts";
import type { Shown } from "./shown.ts";
import type { Acknowledged, Credit, TelemetryMessage } from "./telemetry.ts";

/** uplink → field. Whether a broker takes telemetry now; said on connecting and on change. */
export const UplinkContact = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "online"],
  properties: { kind: { const: "uplink-contact" }, online: { type: "boolean" } },
} as const;
export type UplinkContact = XStatic<typeof UplinkContact>;

/** Everything that `field` says to `uplink`, and what it hears. */
export type FieldToUplink = TelemetryMessage | FieldHealth | AlarmReceivers | AlarmEvent | Shown;
export type UplinkToField = Acknowledged | Credit | AlarmEventsTaken | UplinkContact;
