import type { Path } from "../findings.ts";
import { hostKind } from "../host.ts";
import type { Loose } from "../loose.ts";
import { quote } from "../quote.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { Broker } from "../schema/uplink.ts";
import { parseBrokerUrl } from "../broker-url.ts";
import type { Inquiry } from "./inquiry.ts";

const CLIENT_ID_CHARS_MAX = 64;

/** What holds for the broker. */
export function checkBroker(file: Loose<GatewayFile>, inquiry: Inquiry): void {
  const broker = file.uplink?.broker;
  if (broker === undefined) return;
  const path: Path = ["uplink", "broker"];
  if (broker.url !== undefined) {
    const url = parseBrokerUrl(broker.url);
    if ("fault" in url) inquiry.say("CONFIG_BROKER_URL", [...path, "url"], url.fault, url.hint);
  }
  if (broker.serverName !== undefined && hostKind(broker.serverName) === undefined) {
    const message = `${quote(broker.serverName)} is neither a host name nor an address`;
    const hint = "write a name as it stands in the broker's certificate, without port";
    inquiry.say("CONFIG_HOST", [...path, "serverName"], message, hint);
  }
  for (const key of ["anchors", "certificate", "key"] as const) {
    if (broker[key]?.startsWith("~") !== true) continue;
    const message = `${quote(broker[key])} begins with ~, which only a shell replaces`;
    inquiry.say("CONFIG_FILE_PATH", [...path, key], message, "write the whole path, from / on");
  }
  if (!inquiry.whole(broker)) return;
  const { retryMsMin = defaultOf(Broker.properties.retryMsMin), retryMsMax = defaultOf(Broker.properties.retryMsMax) } =
    broker;
  if (retryMsMin > retryMsMax) {
    const message = `retryMsMin is ${retryMsMin}, above retryMsMax, which is ${retryMsMax}`;
    const key = broker.retryMsMax === undefined ? "retryMsMin" : "retryMsMax";
    inquiry.say("CONFIG_RANGE_ORDER", [...path, key], message, `write \`retryMsMax: ${retryMsMin}\` or more`);
  }
  const clientId = `${file.site ?? ""}-${file.device ?? ""}`;
  if (broker.clientId === undefined && clientId.length > CLIENT_ID_CHARS_MAX) {
    const message = `the client identifier <site>-<device> would have ${clientId.length} characters, at most ${CLIENT_ID_CHARS_MAX} are taken`;
    inquiry.say("CONFIG_LENGTH", path, message, "add a line `clientId: …` of your own", "key");
  }
}
