import type { AlarmWebhook } from "../../../contract/alarm-webhook.ts";
import type { AlarmSinkSnapshot } from "../../../config/snapshot/notify.ts";
import { isoTime } from "../iso-time.ts";
import type { Delivery, Origin } from "../receiver.ts";
import { alarmText, clean } from "../words.ts";

export function webhookBody(
  { event, lostBefore, test }: Delivery,
  { site, device }: Origin,
  language: AlarmSinkSnapshot["language"],
): AlarmWebhook {
  const { alarm, priority, from, to, bootId, sequence } = event;
  return {
    schema: "holdfast.alarm/1",
    site,
    device,
    alarm,
    priority,
    from,
    to,
    text: alarmText(event, language),
    evidence: clean(event.evidence),
    ...(event.by === undefined ? {} : { by: clean(event.by) }),
    time: isoTime(event.timeMs),
    clockTrust: event.trust,
    bootId,
    sequence,
    lostBefore,
    test,
  };
}
