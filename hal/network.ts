import type { Duplex } from "node:stream";

/**
 * One open connection, TCP, TLS or UNIX, as Node's own `Duplex`: every library speaks it. Bytes only, no framing.
 * `destroy()` frees it at once; `end()` flushes first. Whatever fails afterwards arrives as `error`, then `close`.
 */
export type ByteStream = Duplex;

/** A connection as the network opened it. The counts also hold what TLS sent and received over it, and stay after its end. */
export interface NetworkStream extends ByteStream {
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** of TCP, as long as it is open; IPv4 on an IPv6 socket is `::ffff:192.0.2.1` */
  readonly localAddress?: string | undefined;
  readonly remoteAddress?: string | undefined;
}

export interface TcpTarget {
  readonly kind: "tcp";
  /** name or address */
  readonly host: string;
  readonly port: number;
  /** Leave by this network interface only, such as `eth1`: the field side and the uplink side never mix. */
  readonly interfaceName?: string;
  /**
   * Of a name's addresses, the ones to leave out, since who answers there is not who is wanted. Where none is left:
   * `HAL_NAME_UNRESOLVED`. An address as `host` is taken at its word.
   */
  readonly except?: readonly string[];
}

/** Who may connect is decided by the folder's permissions: Node has no peer credentials. */
export interface UnixTarget {
  readonly kind: "unix";
  readonly path: string;
}

export interface Listener extends AsyncDisposable {
  /** The port that was bound, also where 0 was asked for; undefined for UNIX. */
  readonly port: number | undefined;
}

export interface Network {
  /**
   * Resolves once connected. Aborting the signal before that destroys the attempt; afterwards it has no effect.
   * There is no timeout of its own: the caller's signal is one.
   * @throws {HalError} `HAL_NAME_UNRESOLVED`, `HAL_INTERFACE_…`, `HAL_CONNECT_…`
   */
  connect(target: TcpTarget | UnixTarget, signal: AbortSignal): Promise<NetworkStream>;
  /**
   * Accepts until disposed; disposal also destroys what was accepted. An accepted stream with no `error` listener yet
   * must not bring the process down: drivers attach one. Over TCP it says from where it comes. A stale UNIX socket file is
   * replaced, a live one refused.
   * @throws {HalError} `HAL_LISTEN_FAILED`, `HAL_INTERFACE_…`
   */
  listen(target: TcpTarget | UnixTarget, accept: (stream: NetworkStream) => void): Promise<Listener>;
  /**
   * The addresses that a network interface has now, none while it is down, has no link or does not exist; undefined where
   * the system does not say. A connection whose own address is gone never hears that it is dead.
   */
  interfaceAddresses(interfaceName: string): readonly string[] | undefined;
}
