export interface DatagramPeer {
  /** name or address */
  readonly host: string;
  readonly port: number;
  /** Leave by this network interface only, such as `eth1`: the field side and the uplink side never mix. */
  readonly interfaceName?: string;
}

/** One conversation with one peer: what others send to its port is not heard. */
export interface DatagramSocket extends AsyncDisposable {
  /**
   * Resolves once the machine has taken it over; whether it arrives, how often and in which order, nobody promises.
   * A machine that answered an earlier datagram with a no lets this one fail.
   * @throws {HalError} `HAL_CONNECT_REFUSED`, `HAL_CONNECT_UNREACHABLE`, `HAL_CONNECT_FAILED`; `HAL_PORT_CLOSED` after disposal
   */
  send(bytes: Uint8Array): Promise<void>;
}

/** UDP, as a client speaks it. */
export interface Datagrams {
  /**
   * Ready to send; nothing has been sent yet, and nobody need be there.
   * @param received each datagram of the peer, whole, until disposal
   * @throws {HalError} `HAL_NAME_UNRESOLVED`, `HAL_INTERFACE_…`, `HAL_CONNECT_…`; the signal's reason where it aborts
   */
  open(peer: DatagramPeer, received: (bytes: Uint8Array) => void, signal: AbortSignal): Promise<DatagramSocket>;
}
