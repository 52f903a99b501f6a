import type { Clock, Timer } from "../hal/clock.ts";
import type { DatagramPeer, Datagrams } from "../hal/datagram.ts";
import type { Entropy } from "../hal/entropy.ts";
import { HalError } from "../hal/error.ts";

/** Whoever is at a place: answers, if it likes, as often as it likes. */
export type DatagramServer = (bytes: Uint8Array, reply: (bytes: Uint8Array) => void) => void;

export interface DatagramWeather {
  /** of all datagrams, each way, 0 to 1 */
  readonly loss: number;
  /** of those that arrive, the share that arrives twice */
  readonly duplicates: number;
  /** each is drawn between the two, so that later ones overtake earlier ones */
  readonly delayMsMin: number;
  readonly delayMsMax: number;
}

/** UDP by host and port, in memory: what is sent gets lost, delayed and doubled as told. */
export interface MemoryDatagrams extends Datagrams {
  /** Somebody is there from now on; nobody once disposed, which is answered with a no. */
  serve(host: string, port: number, server: DatagramServer): Disposable;
  weather(weather: Partial<DatagramWeather>): void;
  /** Nothing passes there any more and nobody is told. */
  blackhole(host: string): void;
  restore(host: string): void;
  /** The interface loses its link: what would leave by it is refused, what is on its way is gone. */
  linkDown(interfaceName: string): void;
  linkUp(interfaceName: string): void;
}

const FAIR: DatagramWeather = { loss: 0, duplicates: 0, delayMsMin: 0, delayMsMax: 0 };

export function memoryDatagrams(clock: Clock, entropy: Pick<Entropy, "fraction">): MemoryDatagrams {
  const servers = new Map<string, DatagramServer>();
  const silent = new Set<string>();
  const down = new Set<string>();
  let weather = FAIR;
  const placeOf = ({ host, port }: { readonly host: string; readonly port: number }): string => `${host} ${port}`;

  const carry = (peer: DatagramPeer, bytes: Uint8Array, arrive: (bytes: Uint8Array) => void): void => {
    const copies = entropy.fraction() < weather.duplicates ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (entropy.fraction() < weather.loss) continue;
      const { delayMsMin, delayMsMax } = weather;
      const own = Uint8Array.from(bytes);
      clock.after(delayMsMin + entropy.fraction() * (delayMsMax - delayMsMin), () => {
        if (!silent.has(peer.host) && !down.has(peer.interfaceName ?? "")) arrive(own);
      });
    }
  };

  return {
    async open(peer, received, signal) {
      signal.throwIfAborted();
      await Promise.resolve();
      refuseDown(peer, down);
      let closed = false;
      let refused: Timer | undefined;
      let saidNo = false;
      return {
        send(bytes) {
          if (closed) return Promise.reject(new HalError("HAL_PORT_CLOSED", "this socket is closed"));
          return Promise.try(() => {
            refuseDown(peer, down);
            const where = `${peer.host} port ${peer.port}`;
            if (saidNo) {
              saidNo = false;
              throw new HalError("HAL_CONNECT_REFUSED", `${where}: nobody is there`);
            }
            carry(peer, bytes, (arrived) => {
              const server = servers.get(placeOf(peer));
              if (server === undefined) {
                refused = clock.after(0, () => void (saidNo = true));
                return;
              }
              server(arrived, (answer) => carry(peer, answer, (heard) => void (closed || received(heard))));
            });
          });
        },
        [Symbol.asyncDispose]() {
          closed = true;
          refused?.[Symbol.dispose]();
          return Promise.resolve();
        },
      };
    },
    serve(host, port, server) {
      const place = placeOf({ host, port });
      servers.set(place, server);
      return { [Symbol.dispose]: () => void (servers.get(place) === server && servers.delete(place)) };
    },
    weather: (told) => void (weather = { ...FAIR, ...told }),
    blackhole: (host) => void silent.add(host),
    restore: (host) => void silent.delete(host),
    linkDown: (interfaceName) => void down.add(interfaceName),
    linkUp: (interfaceName) => void down.delete(interfaceName),
  };
}

function refuseDown({ interfaceName = "" }: DatagramPeer, down: ReadonlySet<string>): void {
  if (down.has(interfaceName)) throw new HalError("HAL_INTERFACE_NO_ADDRESS", `${interfaceName} has no address`);
}
