import { dirname, resolve } from "node:path";
import { parseHttpsUrl } from "../https-url.ts";
import { defaultOf } from "../schema.ts";
import { Sink, Snmp, Syslog } from "../schema/notify.ts";
import type { Webhook } from "../schema/notify.ts";
import type { AlarmSinkSnapshot, SnmpReceiver, SyslogReceiver, WebhookReceiver } from "../snapshot/notify.ts";

/** @param fileName of the configuration, in whose folder relative names begin */
export function buildNotify(sinks: readonly Sink[], fileName: string): readonly AlarmSinkSnapshot[] {
  const folder = dirname(fileName);
  const { properties } = Sink;
  return sinks.map((sink) => ({
    name: sink.name,
    priority: sink.priority ?? defaultOf(properties.priority),
    language: sink.language ?? defaultOf(properties.language),
    queueMax: sink.queueMax ?? defaultOf(properties.queueMax),
    receiver: buildReceiver(sink, folder),
  }));
}

function buildReceiver({ syslog, snmp, webhook }: Sink, folder: string): AlarmSinkSnapshot["receiver"] {
  if (syslog !== undefined) return buildSyslog(syslog, folder);
  if (snmp !== undefined) return buildSnmp(snmp, folder);
  if (webhook !== undefined) return buildWebhook(webhook, folder);
  throw new TypeError("a receiver that was refused was to be built");
}

function buildSyslog(syslog: Syslog, folder: string): SyslogReceiver {
  return {
    kind: "syslog",
    host: syslog.host,
    port: syslog.port ?? defaultOf(Syslog.properties.port),
    serverName: syslog.serverName ?? syslog.host,
    facility: syslog.facility ?? defaultOf(Syslog.properties.facility),
    ...tlsPaths(syslog, folder),
  };
}

function buildSnmp(snmp: Snmp, folder: string): SnmpReceiver {
  const { properties } = Snmp;
  return {
    kind: "snmp",
    host: snmp.host,
    port: snmp.port ?? defaultOf(properties.port),
    user: snmp.user,
    authentication: snmp.authentication ?? defaultOf(properties.authentication),
    privacy: snmp.privacy ?? defaultOf(properties.privacy),
    authenticationPath: resolve(folder, snmp.authenticationFile),
    privacyPath: resolve(folder, snmp.privacyFile),
  };
}

function buildWebhook(webhook: Webhook, folder: string): WebhookReceiver {
  const address = parseHttpsUrl(webhook.url);
  if ("fault" in address) throw new TypeError("a webhook address that was refused was to be built");
  return {
    kind: "webhook",
    ...address,
    serverName: webhook.serverName ?? address.host,
    ...tlsPaths(webhook, folder),
    ...(webhook.tokenFile === undefined ? {} : { tokenPath: resolve(folder, webhook.tokenFile) }),
  };
}

function tlsPaths({ anchors, certificate, key }: Pick<Syslog, "anchors" | "certificate" | "key">, folder: string) {
  return {
    anchorsPath: resolve(folder, anchors),
    ...(certificate === undefined ? {} : { certificatePath: resolve(folder, certificate) }),
    ...(key === undefined ? {} : { keyPath: resolve(folder, key) }),
  };
}
