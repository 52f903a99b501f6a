import type { AlarmSinkSnapshot } from "../../config/snapshot/notify.ts";
import type { SecureParts } from "./open-secure.ts";
import type { Origin, Receiver } from "./receiver.ts";
import { snmpReceiver } from "./snmp/receiver.ts";
import type { SnmpParts } from "./snmp/receiver.ts";
import { syslogReceiver } from "./syslog/receiver.ts";
import { webhookReceiver } from "./webhook/receiver.ts";

export type ReceiverParts = SnmpParts & SecureParts;

/** The receiver that a configuration describes. Nothing is opened before the first event. */
export function receiverOf(parts: ReceiverParts, sink: AlarmSinkSnapshot, origin: Origin): Receiver {
  const { receiver } = sink;
  switch (receiver.kind) {
    case "syslog":
      return syslogReceiver(parts, sink, receiver, origin);
    case "snmp":
      return snmpReceiver(parts, sink, receiver, origin);
    case "webhook":
      return webhookReceiver(parts, sink, receiver, origin);
  }
}
