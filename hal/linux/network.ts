import { lookup } from "node:dns/promises";
import { connect as connectSocket, isIP } from "node:net";
import type { Socket, TcpNetConnectOpts, IpcNetConnectOpts } from "node:net";
import { HalError } from "../error.ts";
import type { HalErrorCode } from "../error.ts";
import type { Network, NetworkStream, TcpTarget, UnixTarget } from "../network.ts";
import { listenTcp, listenUnix } from "./listener.ts";
import { interfaceAddress, interfaceAddresses } from "./network-interface.ts";
import type { Family } from "./network-interface.ts";
import { checkSocketPath } from "./socket-path.ts";
import { firstWay } from "./staggered.ts";
import type { Way } from "./staggered.ts";

/** Silence after which the kernel asks whether the peer is still there; it asks ten times, a second apart. */
const KEEPALIVE_IDLE_MS = 30_000;

/** A name's addresses, in the order in which they are tried. */
export type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/**
 * TCP and UNIX sockets. An interface is chosen by binding to its address: which way the kernel then routes is the
 * host's, so on a gateway with two networks the routes must be by source address or the firewall must hold the line.
 * @param resolve by default the system's resolver
 */
export function linuxNetwork(resolve: Resolve = (host) => lookup(host, { all: true })): Network {
  const addresses = sharedLookups(resolve);
  return {
    async connect(target, signal) {
      signal.throwIfAborted();
      return target.kind === "unix" ? connectUnix(target, signal) : connectTcp(target, addresses, signal);
    },
    listen: (target, accept) => (target.kind === "unix" ? listenUnix(target, accept) : listenTcp(target, accept)),
    interfaceAddresses,
  };
}

function connectUnix(target: UnixTarget, signal: AbortSignal): Promise<NetworkStream> {
  checkSocketPath(target.path, "HAL_CONNECT_FAILED");
  return attempt({ path: target.path }, target.path, signal);
}

async function connectTcp(target: TcpTarget, addresses: Resolve, signal: AbortSignal): Promise<NetworkStream> {
  const routes = await routesTo(target, addresses, signal);
  const ways = routes.map(({ address, localAddress }): Way => {
    const options = { host: address, port: target.port, localAddress, noDelay: true, keepAlive: true };
    const where = `${target.host} (${address}) port ${target.port}`;
    return (until) => attempt({ ...options, keepAliveInitialDelay: KEEPALIVE_IDLE_MS }, where, until);
  });
  const [only, second] = ways;
  if (only === undefined) throw new HalError("HAL_NAME_UNRESOLVED", `${target.host} has no address left to try`);
  return second === undefined ? only(signal) : firstWay(ways, signal);
}

interface Address {
  readonly address: string;
  readonly family: Family;
}

interface Route {
  readonly address: string;
  readonly localAddress: string | undefined;
}

/** The addresses to try, in the resolver's order, each with the local address it must leave by. */
async function routesTo(target: TcpTarget, resolve: Resolve, signal: AbortSignal): Promise<Route[]> {
  const addresses = await addressesOf(target, resolve, signal);
  const { interfaceName } = target;
  if (interfaceName === undefined) return addresses.map(({ address }) => ({ address, localAddress: undefined }));
  const routes: Route[] = [];
  let refusal: Error | undefined;
  for (const { address, family } of addresses) {
    try {
      routes.push({ address, localAddress: interfaceAddress(interfaceName, family) });
    } catch (error) {
      refusal ??= error as Error;
    }
  }
  if (routes.length === 0 && refusal !== undefined) throw refusal;
  return routes;
}

async function addressesOf(
  { host, except = [] }: TcpTarget,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<Address[]> {
  const literal = isIP(host);
  if (literal !== 0) return [{ address: host, family: literal as Family }];
  const found = await untilAborted(
    resolve(host).catch((cause: unknown) => {
      throw new HalError("HAL_NAME_UNRESOLVED", `no address is known for ${host}`, { cause });
    }),
    signal,
  );
  return found
    .filter(({ address }) => !except.includes(address))
    .map(({ address, family }) => ({ address, family: family as Family }));
}

/** One lookup of a name at a time: each holds a thread for as long as the name server is silent. */
function sharedLookups(resolve: Resolve): Resolve {
  const pending = new Map<string, ReturnType<Resolve>>();
  return (host) => {
    const shared = pending.get(host) ?? resolve(host).finally(() => pending.delete(host));
    pending.set(host, shared);
    return shared;
  };
}

/** A lookup cannot be stopped, only no longer waited for. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

function attempt(options: TcpNetConnectOpts | IpcNetConnectOpts, where: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connectSocket(options);
    const settle = (): void => {
      signal.removeEventListener("abort", onAbort);
      socket.off("connect", onConnect);
      socket.off("error", onError);
    };
    const onConnect = (): void => {
      settle();
      resolve(socket);
    };
    const onError = (cause: NodeJS.ErrnoException): void => {
      settle();
      reject(new HalError(connectCode(cause), `${where}: ${cause.code ?? cause.message}`, { cause }));
    };
    const onAbort = (): void => {
      settle();
      socket.destroy();
      reject(signal.reason as Error);
    };
    // Stays for good: whoever takes the stream may attach its own listener a moment too late.
    socket.on("error", () => {});
    socket.once("connect", onConnect);
    socket.once("error", onError);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

function connectCode(cause: NodeJS.ErrnoException): HalErrorCode {
  return CONNECT_CODES[cause.code ?? ""] ?? "HAL_CONNECT_FAILED";
}

const CONNECT_CODES: Readonly<Record<string, HalErrorCode>> = {
  ECONNREFUSED: "HAL_CONNECT_REFUSED",
  ENOENT: "HAL_CONNECT_REFUSED", // no such UNIX socket: nobody waits there
  EHOSTUNREACH: "HAL_CONNECT_UNREACHABLE",
  EHOSTDOWN: "HAL_CONNECT_UNREACHABLE",
  ENETUNREACH: "HAL_CONNECT_UNREACHABLE",
  ENETDOWN: "HAL_CONNECT_UNREACHABLE",
  ENONET: "HAL_CONNECT_UNREACHABLE",
  EADDRNOTAVAIL: "HAL_INTERFACE_NO_ADDRESS", // the interface lost the address between looking and binding
  ETIMEDOUT: "HAL_CONNECT_TIMEOUT",
};
