import { parseBrokerUrl } from "../broker-url.ts";
import { brokersOf } from "../brokers.ts";
import { canonicalJson } from "../canonical.ts";
import { formatPath } from "../findings.ts";
import type { Path } from "../findings.ts";
import { comparableHost } from "../host.ts";
import type { Loose } from "../loose.ts";
import { quote } from "../quote.ts";
import type { GatewayFile } from "../schema.ts";
import type { Broker } from "../schema/broker.ts";
import type { Inquiry } from "./inquiry.ts";

/** A way to a broker that stands there twice is no second way: somebody believes in a spare that does not exist. */
export function checkWays(file: Loose<GatewayFile>, inquiry: Inquiry): void {
  const take = unique(inquiry);
  for (const { broker, written, path } of brokersOf(file.uplink ?? {})) {
    const way = inquiry.whole(written) ? wayOf(broker) : undefined;
    if (way !== undefined) take(`broker ${way}`, quote(broker.url ?? ""), [...path, "url"]);
  }
  for (const [i, name] of (file.interfaces?.uplink ?? []).entries()) {
    if (name !== undefined) take(`interface ${name}`, quote(name), ["interfaces", "uplink", i]);
  }
}

function unique(inquiry: Inquiry): (key: string, what: string, path: Path) => void {
  const first = new Map<string, Path>();
  return (key, what, path) => {
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, path);
      return;
    }
    const message = `${what} is already ${formatPath(earlier)}: it is tried once, however often it is written`;
    inquiry.say("CONFIG_NAME_DUPLICATE", path, message, "delete one of the two, or write another one");
  };
}

/** The same broker by way of a proxy and without one, or as somebody else, are two. */
function wayOf({ url, ...rest }: Loose<Broker>): string | undefined {
  if (url === undefined) return undefined;
  const address = parseBrokerUrl(url);
  if ("fault" in address) return undefined;
  return canonicalJson({ ...rest, ...address, host: comparableHost(address.host) });
}
