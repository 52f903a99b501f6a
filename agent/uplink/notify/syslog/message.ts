import type { AlarmPriority } from "../../../config/snapshot/logic.ts";
import type { AlarmSinkSnapshot, SyslogReceiver } from "../../../config/snapshot/notify.ts";
import { isoTime } from "../iso-time.ts";
import type { Delivery, Origin } from "../receiver.ts";
import { clean, sentence } from "../words.ts";

/** The number that RFC 5612 gives to documentation: structured data needs an owner, and this project has no number. */
const STRUCTURED_DATA_ID = "holdfast@32473";
/** Every receiver must take 2048 bytes and should take 8192 [RFC 5425 §4.3.1]; texts and evidence are bounded well below. */
export const MESSAGE_BYTES_MAX = 8_192;

/** critical, error, warning, notice. @see RFC 5424 §6.2.1 */
const SEVERITIES: Readonly<Record<AlarmPriority, number>> = { critical: 2, high: 3, medium: 4, low: 5 };
const SEVERITIES_OF_A_FACILITY = 8;

/**
 * One alarm event as a syslog message.
 * @see RFC 5424 §6
 */
export function syslogMessage(
  delivery: Delivery,
  { site, device }: Origin,
  { facility }: Pick<SyslogReceiver, "facility">,
  language: AlarmSinkSnapshot["language"],
): string {
  const { event, lostBefore, test } = delivery;
  const priority = facility * SEVERITIES_OF_A_FACILITY + SEVERITIES[event.priority];
  const time = isoTime(event.timeMs);
  const data = element(STRUCTURED_DATA_ID, {
    site,
    device,
    alarm: event.alarm,
    priority: event.priority,
    from: event.from,
    to: event.to,
    bootId: event.bootId,
    sequence: `${event.sequence}`,
    lostBefore: `${lostBefore}`,
    ...(event.by === undefined ? {} : { by: event.by }),
    evidence: event.evidence,
    ...(test ? { test: "true" } : {}),
  });
  const quality = element("timeQuality", { tzKnown: "1", isSynced: event.trust === "trusted" ? "1" : "0" });
  // the BOM says that UTF-8 follows, and is asked for [RFC 5424 §6.4]
  const message = `\ufeff${sentence(delivery, language)}`;
  return `<${priority}>1 ${time} ${device} holdfast - ${event.to} ${data}${quality} ${message}`;
}

/** Octet counting. @see RFC 5425 §4.3 */
export function syslogFrame(message: string): Buffer {
  const bytes = Buffer.from(message);
  // a longer one would be cut by the receiver anyhow, and there perhaps in the middle of a character
  const fitting = bytes.length <= MESSAGE_BYTES_MAX ? bytes : cut(bytes, MESSAGE_BYTES_MAX);
  return Buffer.concat([Buffer.from(`${fitting.length} `), fitting]);
}

function element(id: string, values: Readonly<Record<string, string>>): string {
  const parameters = Object.entries(values).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  return `[${id}${parameters.join("")}]`;
}

/** @see RFC 5424 §6.3.3: these three and no other */
function escaped(value: string): string {
  return clean(value).replace(/["\\\]]/gu, "\\$&");
}

/** At a border between characters. */
function cut(bytes: Buffer, max: number): Buffer {
  let end = max;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
