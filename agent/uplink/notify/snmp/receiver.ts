import type { Clock } from "../../../../hal/clock.ts";
import type { Datagrams } from "../../../../hal/datagram.ts";
import type { AlarmSinkSnapshot, SnmpReceiver } from "../../../config/snapshot/notify.ts";
import { NotifyError } from "../fault.ts";
import { materialOf } from "../open-secure.ts";
import type { SinkMaterialSource } from "../material.ts";
import type { Origin, Receiver } from "../receiver.ts";
import type { Passphrases } from "./inform.ts";
import { snmpNotification } from "./notification.ts";

/** RFC 3414 §11.2 forbids shorter ones. */
export const PASSPHRASE_CHARS_MIN = 8;

export interface SnmpParts {
  readonly clock: Clock;
  readonly datagrams: Datagrams;
  readonly material: SinkMaterialSource;
}

/** SNMPv3 informs with authentication and privacy: one at a time, each answered before the next. */
export function snmpReceiver(
  parts: SnmpParts,
  sink: AlarmSinkSnapshot,
  receiver: SnmpReceiver,
  origin: Origin,
): Receiver {
  const sinceMs = parts.clock.monotonicMs();
  return {
    address: `snmp ${receiver.host}:${receiver.port}`,
    batchMax: 1,
    async deliver(batch, way, signal) {
      const passphrases = await passphrasesOf(parts.material, sink);
      // loaded with the first alarm: whoever has no such receiver does not carry the library
      const { sendInform } = await import("./inform.ts");
      for (const delivery of batch) {
        const notification = snmpNotification(delivery, origin, sink.language);
        const upMs = parts.clock.monotonicMs() - sinceMs;
        await sendInform(parts.datagrams, { receiver, passphrases, notification, upMs, way }, signal);
      }
    },
  };
}

async function passphrasesOf(material: SinkMaterialSource, sink: AlarmSinkSnapshot): Promise<Passphrases> {
  const { authentication = "", privacy = "" } = await materialOf(material, sink);
  for (const [key, one] of Object.entries({ authenticationFile: authentication, privacyFile: privacy })) {
    if (one.length >= PASSPHRASE_CHARS_MIN) continue;
    const short = `the passphrase of ${key} has ${one.length} characters, at least ${PASSPHRASE_CHARS_MIN} are wanted`;
    throw new NotifyError("NOTIFY_MATERIAL_FAILED", short);
  }
  return { authentication, privacy };
}
