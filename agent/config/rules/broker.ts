import { parseBrokerUrl } from "../broker-url.ts";
import { brokersOf } from "../brokers.ts";
import type { Path } from "../findings.ts";
import { hostKind } from "../host.ts";
import type { Loose } from "../loose.ts";
import { parseProxyUrl } from "../proxy-url.ts";
import { quote } from "../quote.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { Broker } from "../schema/broker.ts";
import type { Inquiry } from "./inquiry.ts";

const CLIENT_ID_CHARS_MAX = 64;

/** What holds for each broker. */
export function checkBrokers(file: Loose<GatewayFile>, inquiry: Inquiry): void {
  for (const { broker, written, direct, path } of brokersOf(file.uplink ?? {})) {
    checkWritten(written, path, inquiry);
    if (direct && written.proxy !== undefined) {
      const message = "`direct` means without a proxy, and a proxy stands here";
      inquiry.say("CONFIG_KEY_MEANINGLESS", [...path, "proxy"], message, "delete one of the two", "key");
    }
    if (!inquiry.whole(written)) continue;
    checkOrder(broker, written, path, inquiry);
    if (written.passwordFile !== undefined && broker.username === undefined) {
      needUsername([...path, "passwordFile"], inquiry);
    }
  }
  const broker = file.uplink?.broker;
  const clientId = `${file.site ?? ""}-${file.device ?? ""}`;
  if (broker !== undefined && broker.clientId === undefined && clientId.length > CLIENT_ID_CHARS_MAX) {
    const message = `the client identifier <site>-<device> would have ${clientId.length} characters, at most ${CLIENT_ID_CHARS_MAX} are taken`;
    inquiry.say("CONFIG_LENGTH", ["uplink", "broker"], message, "add a line `clientId: …` of your own", "key");
  }
}

/** What is wrong with values as they stand in the file. */
function checkWritten(broker: Loose<Broker>, path: Path, inquiry: Inquiry): void {
  if (broker.url !== undefined) {
    const url = parseBrokerUrl(broker.url);
    if ("fault" in url) inquiry.say("CONFIG_BROKER_URL", [...path, "url"], url.fault, url.hint);
  }
  if (broker.proxy?.url !== undefined) {
    const url = parseProxyUrl(broker.proxy.url);
    if ("fault" in url) inquiry.say("CONFIG_PROXY_URL", [...path, "proxy", "url"], url.fault, url.hint);
  }
  if (broker.serverName !== undefined && hostKind(broker.serverName) === undefined) {
    const message = `${quote(broker.serverName)} is neither a host name nor an address`;
    const hint = "write a name as it stands in the broker's certificate, without port";
    inquiry.say("CONFIG_HOST", [...path, "serverName"], message, hint);
  }
  for (const key of ["anchors", "certificate", "key", "passwordFile"] as const) {
    checkFileName(broker[key], [...path, key], inquiry);
  }
  checkFileName(broker.proxy?.passwordFile, [...path, "proxy", "passwordFile"], inquiry);
  const { proxy } = broker;
  if (proxy?.passwordFile !== undefined && proxy.username === undefined && inquiry.whole(proxy)) {
    needUsername([...path, "proxy", "passwordFile"], inquiry);
  }
}

/** A password without a name is nobody's. @see MQTT 3.1.1 §3.1.2.9 [MQTT-3.1.2-22] */
function needUsername(path: Path, inquiry: Inquiry): void {
  inquiry.say(
    "CONFIG_KEY_MISSING",
    path,
    "a password without a user name is nobody's",
    "add `username: …` beside it",
    "key",
  );
}

function checkFileName(name: string | undefined, path: Path, inquiry: Inquiry): void {
  if (name?.startsWith("~") !== true) return;
  const message = `${quote(name)} begins with ~, which only a shell replaces`;
  inquiry.say("CONFIG_FILE_PATH", path, message, "write the whole path, from / on");
}

const ORDERED = [
  ["retryMsMin", "retryMsMax"],
  ["keepaliveSMin", "keepaliveS"],
] as const;

/** Limits in pairs, of which one may be inherited or the default. */
function checkOrder(broker: Loose<Broker>, written: Loose<Broker>, path: Path, inquiry: Inquiry): void {
  for (const [low, high] of ORDERED) {
    const { [low]: least = defaultOf(Broker.properties[low]), [high]: most = defaultOf(Broker.properties[high]) } =
      broker;
    if (least <= most || (written[low] === undefined && written[high] === undefined)) continue;
    const message = `${low} is ${least}, above ${high}, which is ${most}`;
    const key = written[high] === undefined ? low : high;
    inquiry.say("CONFIG_RANGE_ORDER", [...path, key], message, `write \`${high}: ${least}\` or more`);
  }
}
