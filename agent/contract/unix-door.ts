import type { Network } from "../../hal/network.ts";
import type { Dialer, Door } from "./door.ts";

/** A door that is a UNIX socket, in a folder that only the two rooms reach. */
export function unixDoor(network: Network, path: string): Door {
  return { serve: (accept) => network.listen({ kind: "unix", path }, accept) };
}

export function unixDialer(network: Network, path: string): Dialer {
  return { dial: (signal) => network.connect({ kind: "unix", path }, signal) };
}
