import type { Path } from "../findings.ts";
import { hostHint, hostKind } from "../host.ts";
import { parseHttpsUrl } from "../https-url.ts";
import type { Loose } from "../loose.ts";
import { quote } from "../quote.ts";
import type { GatewayFile } from "../schema.ts";
import type { Sink, Snmp, Syslog, Webhook } from "../schema/notify.ts";
import type { Inquiry } from "./inquiry.ts";
import { uniqueNames } from "./names.ts";

const KINDS = ["syslog", "snmp", "webhook"] as const;

/** What holds for each receiver of alarms. */
export function checkNotify(file: Loose<GatewayFile>, inquiry: Inquiry): void {
  const names = uniqueNames("receiver", inquiry);
  for (const [s, sink] of (file.notify ?? []).entries()) {
    if (sink === undefined) continue;
    const path: Path = ["notify", s];
    names(sink.name, [...path, "name"]);
    checkKind(sink, path, inquiry);
    if (sink.syslog !== undefined) checkTls(sink.syslog, [...path, "syslog"], inquiry);
    if (sink.webhook !== undefined) checkWebhook(sink.webhook, [...path, "webhook"], inquiry);
    if (sink.snmp !== undefined) checkSnmp(sink.snmp, [...path, "snmp"], inquiry);
  }
}

function checkKind(sink: Loose<Sink>, path: Path, inquiry: Inquiry): void {
  if (!inquiry.whole(sink)) return;
  const given = KINDS.filter((kind) => Object.hasOwn(sink, kind));
  if (given.length === 1) return;
  const message =
    given.length === 0
      ? "this receiver is neither syslog, snmp nor webhook"
      : `this receiver is ${given.join(" and ")} at once`;
  const hint = given.length === 0 ? "add `syslog:`, `snmp:` or `webhook:`" : "write one receiver for each";
  inquiry.say("CONFIG_RECEIVER", path, message, hint, "key");
}

function checkTls(receiver: Loose<Syslog> | Loose<Webhook>, path: Path, inquiry: Inquiry): void {
  for (const key of ["anchors", "certificate", "key"] as const) checkFileName(receiver[key], [...path, key], inquiry);
  if ("host" in receiver) checkHost(receiver.host, [...path, "host"], inquiry);
  checkHost(receiver.serverName, [...path, "serverName"], inquiry);
  if (!inquiry.whole(receiver)) return;
  const { certificate, key } = receiver;
  if ((certificate === undefined) === (key === undefined)) return;
  const [present, absent] = certificate === undefined ? ["key", "certificate"] : ["certificate", "key"];
  const message = `\`${present}\` without \`${absent}\` proves nothing`;
  inquiry.say("CONFIG_KEY_MISSING", [...path, present], message, `add \`${absent}: …\` beside it`, "key");
}

function checkWebhook(webhook: Loose<Webhook>, path: Path, inquiry: Inquiry): void {
  checkTls(webhook, path, inquiry);
  checkFileName(webhook.tokenFile, [...path, "tokenFile"], inquiry);
  if (webhook.url === undefined) return;
  const url = parseHttpsUrl(webhook.url);
  if ("fault" in url) inquiry.say("CONFIG_WEBHOOK_URL", [...path, "url"], url.fault, url.hint);
}

function checkSnmp(snmp: Loose<Snmp>, path: Path, inquiry: Inquiry): void {
  checkHost(snmp.host, [...path, "host"], inquiry);
  for (const key of ["authenticationFile", "privacyFile"] as const) checkFileName(snmp[key], [...path, key], inquiry);
  const { authenticationFile, privacyFile } = snmp;
  if (authenticationFile === undefined || authenticationFile !== privacyFile) return;
  // whoever learns one of the two must not have both
  const message = "one passphrase for authentication and privacy";
  inquiry.say("CONFIG_RECEIVER", [...path, "privacyFile"], message, "put another passphrase into a file of its own");
}

function checkHost(host: string | undefined, path: Path, inquiry: Inquiry): void {
  if (host === undefined || hostKind(host) !== undefined) return;
  inquiry.say("CONFIG_HOST", path, `${quote(host)} is neither a host name nor an address`, hostHint(host));
}

function checkFileName(name: string | undefined, path: Path, inquiry: Inquiry): void {
  if (name?.startsWith("~") !== true) return;
  const message = `${quote(name)} begins with ~, which only a shell replaces`;
  inquiry.say("CONFIG_FILE_PATH", path, message, "write the whole path, from / on");
}
