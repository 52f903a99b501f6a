import type { AlarmPriority } from "./logic.ts";

/** Where alarms go beside Sparkplug and `status`. Carried by `uplink`, which has the network. */
export interface AlarmSinkSnapshot {
  readonly name: string;
  /** alarms of this priority and above */
  readonly priority: AlarmPriority;
  readonly language: "en" | "de";
  /** events that may wait for a receiver that is away; the oldest go first, and are counted */
  readonly queueMax: number;
  readonly receiver: SyslogReceiver | SnmpReceiver | WebhookReceiver;
}

/** @see RFC 5424, RFC 5425 */
export interface SyslogReceiver {
  readonly kind: "syslog";
  readonly host: string;
  readonly port: number;
  readonly serverName: string;
  /** 0 to 23 */
  readonly facility: number;
  /** absolute paths of PEM files; own certificate only where the receiver asks for one */
  readonly anchorsPath: string;
  readonly certificatePath?: string;
  readonly keyPath?: string;
}

/** Informs, which are acknowledged, and never traps. @see RFC 3414, RFC 3826, RFC 7860 */
export interface SnmpReceiver {
  readonly kind: "snmp";
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly authentication: "sha256" | "sha512";
  readonly privacy: "aes128" | "aes256";
  /** absolute paths of files with a passphrase on the first line */
  readonly authenticationPath: string;
  readonly privacyPath: string;
}

/** One POST of JSON for each event, over TLS. */
export interface WebhookReceiver {
  readonly kind: "webhook";
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly serverName: string;
  readonly anchorsPath: string;
  readonly certificatePath?: string;
  readonly keyPath?: string;
  /** absolute path of a file with a bearer token on its first line */
  readonly tokenPath?: string;
}
