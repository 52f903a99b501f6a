import { networkInterfaces } from "node:os";
import { HalError } from "../error.ts";
import { exists } from "./exists.ts";

export type Family = 4 | 6;

/**
 * The address of a network interface that connections of `family` leave by.
 * @throws {HalError} `HAL_INTERFACE_UNKNOWN`, `HAL_INTERFACE_NO_ADDRESS`
 */
export function interfaceAddress(name: string, family: Family): string {
  const addresses = networkInterfaces()[name];
  // The list holds only what is up and has an address; whether the rest exists, the kernel says elsewhere.
  if (addresses === undefined && !(/^[^/\s]{1,15}$/.test(name) && exists(`/sys/class/net/${name}`))) {
    throw new HalError("HAL_INTERFACE_UNKNOWN", `no network interface ${name}`);
  }
  // A link-local address reaches its own link alone and needs a zone to be written.
  const usable = addresses?.find((one) => one.family === `IPv${family}` && !one.address.startsWith("fe80:"));
  if (usable === undefined) throw new HalError("HAL_INTERFACE_NO_ADDRESS", `${name} has no IPv${family} address`);
  return usable.address;
}

/**
 * The addresses of an interface that is up and has its link: the system's list leaves out any other. Undefined where
 * there is no list: it takes a free descriptor, and a sandbox that lets AF_NETLINK through.
 */
export function interfaceAddresses(name: string): readonly string[] | undefined {
  try {
    return (networkInterfaces()[name] ?? []).map(({ address }) => address);
  } catch {
    return undefined;
  }
}
