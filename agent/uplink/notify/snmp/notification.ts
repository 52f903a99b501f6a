import type { AlarmState } from "../../../contract/alarms.ts";
import type { AlarmSinkSnapshot } from "../../../config/snapshot/notify.ts";
import { isoTime } from "../iso-time.ts";
import type { Delivery, Origin } from "../receiver.ts";
import { alarmText, clean } from "../words.ts";

/**
 * Below the number that RFC 5612 gives to documentation: this project has none of its own.
 * As docs/operate/HOLDFAST-MIB.txt has it: notifications at 0, objects at 1.
 */
export const MIB_OID = "1.3.6.1.4.1.32473.1";

const NOTIFICATIONS: Readonly<Record<AlarmState, number>> = {
  raised: 1,
  acknowledged: 2,
  returned: 3,
  normal: 4,
  shelved: 5,
  suppressed: 6,
};
const TEST_NOTIFICATION = 7;

export interface SnmpObject {
  readonly oid: string;
  readonly type: "string" | "unsigned32" | "counter64";
  readonly value: string | number;
}

export interface SnmpNotification {
  readonly oid: string;
  readonly objects: readonly SnmpObject[];
}

/** One alarm event as its notification, with every object of the MIB in the MIB's order. */
export function snmpNotification(
  delivery: Delivery,
  { site, device }: Origin,
  language: AlarmSinkSnapshot["language"],
): SnmpNotification {
  const { event, lostBefore, test } = delivery;
  const values: readonly (readonly [SnmpObject["type"], string | number])[] = [
    ["string", site],
    ["string", device],
    ["string", event.alarm],
    ["string", event.priority],
    ["string", event.from],
    ["string", event.to],
    ["string", alarmText(event, language)],
    ["string", clean(event.evidence)],
    ["string", clean(event.by ?? "")],
    ["string", isoTime(event.timeMs)],
    ["string", event.trust],
    ["string", event.bootId],
    ["counter64", event.sequence],
    ["unsigned32", lostBefore],
  ];
  return {
    oid: `${MIB_OID}.0.${test ? TEST_NOTIFICATION : NOTIFICATIONS[event.to]}`,
    objects: values.map(([type, value], i) => ({ oid: `${MIB_OID}.1.${i + 1}.0`, type, value })),
  };
}
