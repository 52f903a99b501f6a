import { runChild } from "./child.ts";

/** The gateway's own addresses, and the broker's, which is on neither of the two networks. */
const LINKS = [
  { name: "eth0", gateway: "10.98.1.2", router: "10.98.1.1", table: "101" },
  { name: "wwan0", gateway: "10.98.2.2", router: "10.98.2.1", table: "102" },
] as const;
export const BROKER_ADDRESS = "10.98.9.1";

export type LinkName = (typeof LINKS)[number]["name"];

/**
 * A namespace of network for a gateway with two interfaces and one for its broker, with a cable for each interface. The
 * gateway's routes are by source address: these are the lines that a person needs, too.
 */
export interface TwoLinks extends AsyncDisposable {
  /** Command line prefixes. */
  readonly inGateway: readonly string[];
  readonly inBroker: readonly string[];
  /** Pulls the cable: the interface keeps its address and loses its carrier. */
  pull(link: LinkName): Promise<void>;
  plug(link: LinkName): Promise<void>;
  /** The link stays up, and nothing comes back over it. */
  swallow(link: LinkName): Promise<void>;
}

export async function openTwoLinks(): Promise<TwoLinks> {
  await using opening = new AsyncDisposableStack();
  const gateway = await openNamespace(opening, "g");
  const broker = await openNamespace(opening, "b");
  await ip("-n", broker, "addr", "add", `${BROKER_ADDRESS}/32`, "dev", "lo");
  for (const [i, { name, gateway: own, router, table }] of LINKS.entries()) {
    const far = `far${i}`;
    await ip("link", "add", name, "netns", gateway, "type", "veth", "peer", "name", far, "netns", broker);
    await ip("-n", gateway, "addr", "add", `${own}/24`, "dev", name);
    await ip("-n", broker, "addr", "add", `${router}/24`, "dev", far);
    await ip("-n", broker, "link", "set", far, "up");
    await ip("-n", gateway, "link", "set", name, "up");
    await ip("-n", gateway, "route", "add", "default", "via", router, "dev", name, "metric", table);
    await ip("-n", gateway, "route", "add", "default", "via", router, "dev", name, "table", table);
    await ip("-n", gateway, "rule", "add", "from", own, "lookup", table);
  }
  const held = opening.move();
  const farOf = (link: LinkName): string => `far${LINKS.findIndex(({ name }) => name === link)}`;
  const addressOf = (link: LinkName): string => LINKS.find(({ name }) => name === link)?.gateway ?? "";
  return {
    inGateway: ["ip", "netns", "exec", gateway],
    inBroker: ["ip", "netns", "exec", broker],
    pull: (link) => ip("-n", broker, "link", "set", farOf(link), "down"),
    plug: (link) => ip("-n", broker, "link", "set", farOf(link), "up"),
    swallow: (link) => ip("-n", broker, "route", "add", "blackhole", `${addressOf(link)}/32`),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function openNamespace(stack: AsyncDisposableStack, role: string): Promise<string> {
  const name = `holdfast-${role}-${process.pid}`;
  await ip("netns", "add", name);
  stack.defer(() => ip("netns", "del", name));
  await ip("-n", name, "link", "set", "lo", "up");
  return name;
}

async function ip(...args: readonly string[]): Promise<void> {
  const { code, errors } = await runChild("ip", args);
  if (code !== 0) throw new Error(`ip ${args.join(" ")}: ${errors}`);
}
