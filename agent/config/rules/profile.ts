import { parseBrokerUrl } from "../broker-url.ts";
import { brokersOf } from "../brokers.ts";
import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import { PROFILES, packetBytesTaken } from "../profiles/index.ts";
import type { BrokerProfile } from "../profiles/index.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { Broker } from "../schema/broker.ts";
import type { Inquiry } from "./inquiry.ts";

/** A broker as it will be used, what the file says of it, and what its kind takes. */
interface Judged {
  readonly broker: Loose<Broker>;
  readonly written: Loose<Broker>;
  readonly path: Path;
  readonly profile: BrokerProfile;
}

/** Holds what is said of each broker against what its kind takes. */
export function checkProfiles(file: Loose<GatewayFile>, inquiry: Inquiry): void {
  for (const { broker, written, path } of brokersOf(file.uplink ?? {})) {
    if (!inquiry.whole(written)) continue;
    const judged = { broker, written, path, profile: PROFILES[broker.profile ?? "generic"] };
    checkAddress(judged, inquiry);
    checkUsername(judged, inquiry);
    checkKeepalive(judged, inquiry);
    checkPacket(judged, inquiry);
    checkRetry(judged, inquiry);
    checkPrimaryHost(file, judged, inquiry);
  }
}

/** Where the file says it: at the key itself, or at the broker that inherits it. */
function placeOf({ written, path }: Judged, key: keyof Broker): readonly [path: Path, part: "key" | "value"] {
  return written[key] === undefined ? [path, "key"] : [[...path, key], "value"];
}

function checkAddress({ broker, path, profile }: Judged, inquiry: Inquiry): void {
  if (profile.ports === undefined || broker.url === undefined) return;
  const address = parseBrokerUrl(broker.url);
  if ("fault" in address) return;
  const ports = profile.ports[address.transport];
  if (ports.includes(address.port)) return;
  const scheme = address.transport === "tcp" ? "mqtts" : "wss";
  const message =
    ports.length === 0
      ? `${profile.title} takes no certificates over ${scheme}://`
      : `${profile.title} listens for ${scheme}:// on port ${ports.join(" or ")}, not on ${address.port}`;
  const instead = ports.length === 0 ? profile.ports.tcp : ports;
  const wanted = ports.length === 0 ? "mqtts" : scheme;
  const hint = `write ${wanted}://${address.host}:${instead.join(" or ")}; behind a relay of your own, \`profile: generic\``;
  inquiry.say("CONFIG_BROKER_LIMIT", [...path, "url"], message, hint);
}

function checkUsername({ broker, path, profile }: Judged, inquiry: Inquiry): void {
  if (!profile.usernameNeeded || broker.username !== undefined) return;
  const message = `${profile.title} wants a user name in every CONNECT`;
  const hint = "add `username: …`, the client authentication name that it knows the certificate by";
  inquiry.say("CONFIG_KEY_MISSING", path, message, hint, "key");
}

function checkKeepalive(judged: Judged, inquiry: Inquiry): void {
  const { title, limits } = judged.profile;
  const { keepaliveS = defaultOf(Broker.properties.keepaliveS) } = judged.broker;
  const { keepaliveSMin: least = 0, keepaliveSMax: most = Number.POSITIVE_INFINITY } = limits;
  if (keepaliveS >= least && keepaliveS <= most) return;
  const [bound, nearest] = keepaliveS < least ? ["at least", least] : ["at most", most];
  const [path, part] = placeOf(judged, "keepaliveS");
  const message = `keepaliveS is ${keepaliveS}, ${title} takes ${bound} ${nearest}`;
  inquiry.say("CONFIG_BROKER_LIMIT", path, message, `write \`keepaliveS: ${nearest}\``, part);
}

function checkPacket(judged: Judged, inquiry: Inquiry): void {
  const { title, limits } = judged.profile;
  const taken = packetBytesTaken(limits);
  const { packetBytesMax } = judged.broker;
  if (packetBytesMax === undefined || packetBytesMax <= taken) return;
  const [path, part] = placeOf(judged, "packetBytesMax");
  const message = `packetBytesMax is ${packetBytesMax}, ${title} takes messages of ${taken} bytes`;
  inquiry.say("CONFIG_BROKER_LIMIT", path, message, `write \`packetBytesMax: ${taken}\`, or leave it out`, part);
}

function checkRetry(judged: Judged, inquiry: Inquiry): void {
  const { title, limits } = judged.profile;
  const { retryMsMin = defaultOf(Broker.properties.retryMsMin) } = judged.broker;
  if (limits.connectsPerSecondMax === undefined) return;
  const least = 1_000 / limits.connectsPerSecondMax;
  if (retryMsMin >= least) return;
  const [path, part] = placeOf(judged, "retryMsMin");
  const message = `retryMsMin is ${retryMsMin}, ${title} refuses a client that connects more often than every ${least} ms`;
  inquiry.say("CONFIG_BROKER_LIMIT", path, message, `write \`retryMsMin: ${least}\``, part);
}

/** A primary host says with a retained message that it is there; a broker that forgets it leaves the values waiting. */
function checkPrimaryHost(file: Loose<GatewayFile>, { profile, path }: Judged, inquiry: Inquiry): void {
  if (profile.limits.retains || file.uplink?.sparkplug?.primaryHost === undefined) return;
  const message = `values wait for a retained message of the primary host, and ${profile.title} keeps none`;
  const hint = `delete primaryHost, or write \`profile: generic\` for ${path.join(".")} where you know that it keeps them`;
  inquiry.say("CONFIG_BROKER_LIMIT", ["uplink", "sparkplug", "primaryHost"], message, hint);
}
