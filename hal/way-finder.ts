/** The way the machine would send a packet. */
export interface Route {
  readonly localAddress: string;
  /** empty where the address is on none */
  readonly interfaceName: string;
}

/** How the machine finds a way. Nothing of it opens a connection: for telling a person, before one is tried. */
export interface WayFinder {
  /** A name's addresses, in the order in which they are tried. Rejects with the resolver's code. */
  lookup(host: string): Promise<readonly string[]>;
  /** Rejects with the kernel's code, or `HAL_INTERFACE_…`, where there is no way. @param address no name */
  routeTo(address: string, interfaceName: string | undefined): Promise<Route>;
}
