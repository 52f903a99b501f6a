import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";
import type { Route, WayFinder } from "../way-finder.ts";
import { interfaceAddress } from "./network-interface.ts";

/** The system's resolver and the kernel's routes. */
export function linuxWayFinder(): WayFinder {
  return {
    lookup: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
    routeTo: async (address, interfaceName) =>
      routeTo(
        address,
        interfaceName === undefined ? undefined : interfaceAddress(interfaceName, isIPv6(address) ? 6 : 4),
      ),
  };
}

/**
 * The way to an address, without a packet being sent: the kernel chooses it when a datagram socket is connected.
 * @param address no name
 * @param from a local address to leave by; default: the kernel's choice
 * @throws {Error} with the kernel's code: `ENETUNREACH`, `EHOSTUNREACH`, `EADDRNOTAVAIL`…
 */
async function routeTo(address: string, from?: string): Promise<Route> {
  const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      // not as a callback, which Node would hand the error, too
      socket.once("connect", resolve);
      const go = (): void => socket.connect(ANY_PORT, address);
      if (from === undefined) go();
      else socket.bind({ address: from }, go);
    });
    const { address: localAddress } = socket.address();
    return { localAddress, interfaceName: interfaceOf(localAddress) };
  } finally {
    socket.close();
  }
}

/** Nothing is sent to it. */
const ANY_PORT = 9;

function interfaceOf(address: string): string {
  const found = Object.entries(networkInterfaces()).find(([, addresses = []]) =>
    addresses.some((one) => one.address === address),
  );
  return found?.[0] ?? "";
}
