import { ALARM_PRIORITIES } from "../../config/snapshot/logic.ts";
import type { IoRelay } from "../../config/snapshot/io.ts";
import type { StandingAlarm } from "../alarms/standing.ts";

/** Whether the alarms that stand are any for this relay. */
export function relayAlarm(relay: IoRelay, standing: readonly StandingAlarm[]): boolean {
  const lowest = ALARM_PRIORITIES.indexOf(relay.priority);
  return standing.some(
    ({ priority, active, acknowledged }) =>
      ALARM_PRIORITIES.indexOf(priority) <= lowest && (relay.untilAcknowledged ? !acknowledged : active),
  );
}

/** Whether its coil is energised. */
export function relayLevel(relay: IoRelay, alarm: boolean): boolean {
  return relay.failSafe !== alarm;
}
