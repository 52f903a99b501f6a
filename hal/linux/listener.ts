import { chmod, lstat, stat, unlink } from "node:fs/promises";
import { connect, createServer, isIP } from "node:net";
import type { ListenOptions, Server, Socket } from "node:net";
import { dirname } from "node:path";
import { HalError } from "../error.ts";
import type { Listener, NetworkStream, TcpTarget, UnixTarget } from "../network.ts";
import { interfaceAddress } from "./network-interface.ts";
import { checkSocketPath } from "./socket-path.ts";

/** Connections one listener holds at a time; further ones are closed at once. */
const CONNECTIONS_MAX = 1_024;
/** A socket's owner and its folder's group may connect. Nobody else gets into the folder. */
const SOCKET_MODE = 0o660;
const MODE_OTHERS = 0o007;

type Accept = (stream: NetworkStream) => void;

/** @throws {HalError} `HAL_LISTEN_FAILED`, `HAL_INTERFACE_…` */
export async function listenTcp(target: TcpTarget, accept: Accept): Promise<Listener> {
  const host =
    target.interfaceName === undefined
      ? target.host
      : interfaceAddress(target.interfaceName, isIP(target.host) === 6 ? 6 : 4);
  const bound = await bind({ host, port: target.port }, `${host} port ${target.port}`, accept);
  const address = bound.server.address();
  return { port: typeof address === "object" && address !== null ? address.port : undefined, ...closing(bound) };
}

/** @throws {HalError} `HAL_LISTEN_FAILED`: the path is in use, its folder lets everyone in, or the socket would */
export async function listenUnix(target: UnixTarget, accept: Accept): Promise<Listener> {
  const { path } = target;
  checkSocketPath(path, "HAL_LISTEN_FAILED");
  await checkFolder(dirname(path));
  await removeStale(path);
  const bound = await bind({ path }, path, accept);
  const listener = { port: undefined, ...closing(bound) };
  try {
    await chmod(path, SOCKET_MODE);
  } catch (cause) {
    await listener[Symbol.asyncDispose]();
    throw new HalError("HAL_LISTEN_FAILED", `the mode of ${path} cannot be set`, { cause });
  }
  return listener;
}

interface Bound {
  readonly server: Server;
  readonly accepted: Set<Socket>;
}

function bind(options: ListenOptions, where: string, accept: Accept): Promise<Bound> {
  const accepted = new Set<Socket>();
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    accepted.add(socket);
    socket.once("close", () => accepted.delete(socket));
    // Stays for good: whoever takes the stream may attach its own listener a moment too late.
    socket.on("error", () => {});
    accept(socket);
  });
  server.maxConnections = CONNECTIONS_MAX;
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(new HalError("HAL_LISTEN_FAILED", `cannot listen at ${where}: ${cause.code}`, { cause }));
    });
    server.listen(options, () => {
      // From now on only accepting one connection can fail, for want of a descriptor: the next one may succeed.
      server.on("error", () => {});
      resolve({ server, accepted });
    });
  });
}

function closing({ server, accepted }: Bound): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of accepted) socket.destroy();
      await closed;
    },
  };
}

/** The path is the peer's identity, so a folder that anyone may enter proves nothing about who connects. */
async function checkFolder(folder: string): Promise<void> {
  const mode = await stat(folder).then(
    (found) => found.mode,
    (cause: unknown) => {
      throw new HalError("HAL_LISTEN_FAILED", `the socket's folder ${folder} cannot be used`, { cause });
    },
  );
  if ((mode & MODE_OTHERS) !== 0) {
    throw new HalError("HAL_LISTEN_FAILED", `everyone may enter ${folder}: its mode must end in 0, such as 0750`);
  }
}

/** What a killed process left behind goes; what somebody listens at stays, and binding then fails. */
async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSocket() !== true) return;
  if ((await connectError(path)) === "ECONNREFUSED") await unlink(path).catch(() => {});
}

function connectError(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = connect({ path });
    probe.once("connect", () => {
      probe.destroy();
      resolve(undefined);
    });
    probe.once("error", (cause: NodeJS.ErrnoException) => resolve(cause.code));
  });
}
