import { isIP } from "node:net";
import type { Clock } from "../hal/clock.ts";
import { HalError } from "../hal/error.ts";
import type { ByteStream, Listener, Network, NetworkStream, TcpTarget, UnixTarget } from "../hal/network.ts";
import { connectByName } from "./connect-by-name.ts";
import { memoryStreams } from "./memory-stream.ts";
import type { Link, MemoryStream } from "./memory-stream.ts";

/** What Linux takes to give up on a peer that never answers: six repeated SYNs. */
const CONNECT_TIMEOUT_MS = 127_000;
/** Where ports that were asked for as 0 begin. */
const FIRST_FREE_PORT = 32_768;
const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);
/** Who connects, unless somebody else is played. */
const OWN_ADDRESS = "127.0.0.1";
const EVERY_ADDRESS = new Set(["0.0.0.0", "::"]);

/**
 * TCP by host and port, and UNIX sockets by path, in memory. Faults are for a whole address; a UNIX path is its own
 * host with port 0. A host name is known once somebody listened at it; addresses always are.
 */
export interface MemoryNetwork extends Network {
  /** Connects as another machine, with this address. */
  connectFrom(address: string, target: TcpTarget, signal: AbortSignal): Promise<NetworkStream>;
  /** Connecting is answered no. Open connections stay. */
  refuse(host: string, port?: number): void;
  /** Connecting is answered: no route. */
  unreachable(host: string, port?: number): void;
  /** Nothing passes any more and nobody is told, neither who is connected nor who tries. */
  blackhole(host: string, port?: number): void;
  /** Ends every fault there; what a black hole held arrives. */
  restore(host: string, port?: number): void;
  /** Breaks the open connections there, for both sides. */
  cut(host: string, port?: number): void;
  /** One way, for every connection from now on. */
  latency(ms: number): void;
  /** The interface loses its link: what left by it is neither carried nor broken, and nobody else can leave by it. */
  linkDown(interfaceName: string): void;
  /** The link is back. What was connected over it before stays lost, as its peers have given it up. */
  linkUp(interfaceName: string): void;
  /** The interface gets another address, as from a DHCP server; what left by the one before is carried no more. */
  readdress(interfaceName: string): void;
  /** A NAT on the way forgets whoever was silent for longer, without a word; undefined: it forgets nobody. */
  forgetAfter(silenceMs: number | undefined): void;
  /**
   * A firewall on the way drops whoever begins with more than this, as some do with a long ClientHello, or resets it;
   * undefined: it lets everybody pass again.
   */
  dropLongBeginnings(bytesMax: number | undefined, how?: "silence" | "reset"): void;
}

export interface MemoryNetworkOptions {
  /** network interfaces that exist, default `lo` */
  readonly interfaces?: Iterable<string>;
  /** of those, the ones without any address */
  readonly addressless?: Iterable<string>;
  readonly latencyMs?: number;
  /** names and their addresses, in the order in which they are tried */
  readonly names?: Readonly<Record<string, readonly string[]>>;
  /** longest chunk that arrives: 1 catches whoever trusts chunk borders */
  readonly segmentBytes?: number;
}

type Fault = "refused" | "unreachable" | "blackhole";
interface Place {
  accept?: ((stream: NetworkStream) => void) | undefined;
  fault?: Fault | undefined;
  readonly open: Set<MemoryStream>;
}

export function memoryNetwork(clock: Clock, options: MemoryNetworkOptions = {}): MemoryNetwork {
  const interfaces = new Set(options.interfaces ?? ["lo"]);
  const addressless = new Set(options.addressless);
  const segmentBytes = options.segmentBytes ?? Number.POSITIVE_INFINITY;
  const places = new Map<string, Place>();
  const knownNames = new Set(["localhost"]);
  const down = new Set<string>();
  /** how many addresses each interface had before the one it has now */
  const addressesBefore = new Map<string, number>();
  let latencyMs = options.latencyMs ?? 0;
  let silenceMsMax = Number.POSITIVE_INFINITY;
  let beginningBytesMax = Number.POSITIVE_INFINITY;
  let longBeginnings: "silence" | "reset" = "silence";
  let freePort = FIRST_FREE_PORT;

  const placeAt = (host: string, port: number): Place => {
    const key = `${LOOPBACK.has(host) ? "127.0.0.1" : host} ${port}`;
    const place = places.get(key) ?? { open: new Set() };
    places.set(key, place);
    return place;
  };
  const placeOf = (target: TcpTarget | UnixTarget): Place =>
    target.kind === "unix" ? placeAt(target.path, 0) : placeAt(target.host, target.port);
  const acceptOf = (target: TcpTarget | UnixTarget): Place["accept"] => {
    const own = placeOf(target).accept;
    if (own !== undefined || target.kind === "unix" || (isIP(target.host) === 0 && !knownNames.has(target.host)))
      return own;
    return [...EVERY_ADDRESS].map((host) => placeAt(host, target.port).accept).find((accept) => accept !== undefined);
  };
  const addressOf = (name: string): string => `${name}-${addressesBefore.get(name) ?? 0}`;
  const checkInterface = (target: TcpTarget | UnixTarget): void => {
    const name = target.kind === "tcp" ? target.interfaceName : undefined;
    if (name === undefined) return;
    if (!interfaces.has(name)) throw new HalError("HAL_INTERFACE_UNKNOWN", `no network interface ${name}`);
    if (addressless.has(name) || down.has(name))
      throw new HalError("HAL_INTERFACE_NO_ADDRESS", `${name} has no address`);
  };

  const join = (
    place: Place,
    interfaceName: string | undefined,
    accept: (stream: NetworkStream) => void,
    from: string | undefined,
  ): MemoryStream => {
    let passedMs = clock.monotonicMs();
    let begun = false;
    let lost = false;
    const localAddress = interfaceName === undefined ? undefined : addressOf(interfaceName);
    const link: Link = {
      get latencyMs() {
        return latencyMs;
      },
      get held() {
        // asked when something is to pass: whoever was silent until then is known no more, nor ever again
        if (clock.monotonicMs() - passedMs > silenceMsMax) lost = true;
        if (interfaceName !== undefined && (down.has(interfaceName) || addressOf(interfaceName) !== localAddress)) {
          lost = true;
        }
        return lost || place.fault === "blackhole";
      },
      segmentBytes,
      sent(bytes) {
        if (!begun && bytes > beginningBytesMax) {
          lost = true;
          // as an answer to what was sent: whoever is sending is not done yet
          if (longBeginnings === "reset") setImmediate(() => [near, far].forEach((end) => end.reset()));
        }
        begun = true;
      },
      passed() {
        passedMs = clock.monotonicMs();
      },
    };
    const [near, far] = memoryStreams(clock, link);
    near.localAddress = localAddress;
    far.remoteAddress = from;
    for (const end of [near, far]) {
      place.open.add(end);
      end.once("close", () => place.open.delete(end));
    }
    accept(far);
    return near;
  };

  const reach = (target: TcpTarget | UnixTarget, from: string): NetworkStream => {
    const place = placeOf(target);
    const where = describe(target);
    if (place.fault === "unreachable") throw new HalError("HAL_CONNECT_UNREACHABLE", `no route to ${where}`);
    if (target.kind === "tcp" && isIP(target.host) === 0 && !knownNames.has(target.host)) {
      throw new HalError("HAL_NAME_UNRESOLVED", `nobody knows ${target.host}`);
    }
    const accept = acceptOf(target);
    if (accept === undefined || place.fault === "refused") {
      throw new HalError("HAL_CONNECT_REFUSED", `${where} refused`);
    }
    const tcp = target.kind === "tcp";
    const near = join(place, tcp ? target.interfaceName : undefined, accept, tcp ? from : undefined);
    if (target.kind === "tcp" && isIP(target.host) !== 0) near.remoteAddress = target.host;
    return near;
  };

  const connectTo = async (
    target: TcpTarget | UnixTarget,
    signal: AbortSignal,
    from = OWN_ADDRESS,
  ): Promise<NetworkStream> => {
    const silent = placeOf(target).fault === "blackhole";
    await pause(clock, silent ? CONNECT_TIMEOUT_MS : 2 * latencyMs, signal);
    if (silent) throw new HalError("HAL_CONNECT_TIMEOUT", `${describe(target)} never answered`);
    return reach(target, from);
  };

  return {
    async connect(target, signal) {
      signal.throwIfAborted();
      checkInterface(target);
      const addresses = target.kind === "tcp" ? options.names?.[target.host] : undefined;
      if (target.kind === "unix" || addresses === undefined) return connectTo(target, signal);
      const silent = (host: string): boolean => placeAt(host, target.port).fault === "blackhole";
      return connectByName({ target, addresses, silent }, (one) => connectTo(one, signal));
    },
    listen(target, accept) {
      return Promise.try(() => {
        checkInterface(target);
        const bound = target.kind === "tcp" && target.port === 0 ? { ...target, port: freePort++ } : target;
        const place = placeOf(bound);
        if (place.accept !== undefined) {
          throw new HalError("HAL_LISTEN_FAILED", `${describe(bound)} is in use`);
        }
        if (bound.kind === "tcp") knownNames.add(bound.host);
        const accepted = new Set<ByteStream>();
        place.accept = (stream) => {
          accepted.add(stream);
          stream.once("close", () => accepted.delete(stream));
          accept(stream);
        };
        return listener(place, accepted, bound.kind === "tcp" ? bound.port : undefined);
      });
    },
    connectFrom: (address, target, signal) => connectTo(target, signal, address),
    refuse: (host, port = 0) => void (placeAt(host, port).fault = "refused"),
    unreachable: (host, port = 0) => void (placeAt(host, port).fault = "unreachable"),
    blackhole: (host, port = 0) => void (placeAt(host, port).fault = "blackhole"),
    restore(host, port = 0) {
      const place = placeAt(host, port);
      place.fault = undefined;
      for (const end of place.open) end.proceed();
    },
    cut(host, port = 0) {
      for (const end of placeAt(host, port).open) end.reset();
    },
    latency: (ms) => void (latencyMs = ms),
    linkDown: (interfaceName) => void down.add(interfaceName),
    linkUp: (interfaceName) => void down.delete(interfaceName),
    readdress: (interfaceName) =>
      void addressesBefore.set(interfaceName, (addressesBefore.get(interfaceName) ?? 0) + 1),
    forgetAfter: (silenceMs) => void (silenceMsMax = silenceMs ?? Number.POSITIVE_INFINITY),
    dropLongBeginnings(bytesMax, how = "silence") {
      beginningBytesMax = bytesMax ?? Number.POSITIVE_INFINITY;
      longBeginnings = how;
    },
    interfaceAddresses: (name) =>
      !interfaces.has(name) || addressless.has(name) || down.has(name) ? [] : [addressOf(name), `fe80::${name}`],
  };
}

function listener(place: Place, accepted: Set<ByteStream>, port: number | undefined): Listener {
  const mine = place.accept;
  return {
    port,
    [Symbol.asyncDispose]() {
      if (place.accept === mine) place.accept = undefined;
      for (const stream of accepted) stream.destroy();
      return Promise.resolve();
    },
  };
}

function describe(target: TcpTarget | UnixTarget): string {
  return target.kind === "unix" ? target.path : `${target.host} port ${target.port}`;
}

/** A turn of the event loop where there is no time to wait, as no real connection is made at once. */
function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      timer?.[Symbol.dispose]();
      reject(signal.reason as Error);
    };
    const go = (): void => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    const timer = delayMs > 0 ? clock.after(delayMs, go) : undefined;
    if (timer === undefined) setImmediate(go);
  });
}
