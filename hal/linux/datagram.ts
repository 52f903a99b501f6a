import type { Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { DatagramPeer, Datagrams, DatagramSocket } from "../datagram.ts";
import { HalError } from "../error.ts";
import type { HalErrorCode } from "../error.ts";
import { interfaceAddress } from "./network-interface.ts";
import type { Family } from "./network-interface.ts";

/** UDP sockets that are connected, so that the kernel keeps strangers out and tells of a peer that says no. */
export function linuxDatagrams(): Datagrams {
  return {
    async open(peer, received, signal) {
      signal.throwIfAborted();
      const { address, family } = await addressOf(peer.host);
      // loaded with the first socket: most gateways never open one
      const { createSocket } = await import("node:dgram");
      signal.throwIfAborted();
      const local = peer.interfaceName === undefined ? undefined : interfaceAddress(peer.interfaceName, family);
      const socket = createSocket(family === 4 ? "udp4" : "udp6");
      const refusals = keepRefusal(socket);
      try {
        if (local !== undefined) await settled(socket, "listening", () => socket.bind(0, local));
        await settled(socket, "connect", () => socket.connect(peer.port, address));
      } catch (cause) {
        socket.close();
        throw refusal(cause, peer);
      }
      socket.on("message", (bytes) => received(bytes));
      return conversation(socket, peer, refusals);
    },
  };
}

function conversation(socket: Socket, peer: DatagramPeer, refusals: { take(): unknown }): DatagramSocket {
  let closed = false;
  return {
    send(bytes) {
      if (closed) return Promise.reject(new HalError("HAL_PORT_CLOSED", "this socket is closed"));
      const earlier = refusals.take();
      if (earlier !== undefined) return Promise.reject(refusal(earlier, peer));
      return new Promise((resolve, reject) => {
        socket.send(bytes, (cause) => (cause === null ? resolve() : reject(refusal(cause, peer))));
      });
    },
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      socket.removeAllListeners("message");
      await new Promise<void>((resolve) => void socket.close(resolve));
    },
  };
}

/** What the kernel says between two sends belongs to the next one. */
function keepRefusal(socket: Socket): { take(): unknown } {
  let kept: unknown;
  socket.on("error", (error) => void (kept = error));
  return {
    take() {
      const taken = kept;
      kept = undefined;
      return taken;
    },
  };
}

async function addressOf(host: string): Promise<{ readonly address: string; readonly family: Family }> {
  const literal = isIP(host);
  if (literal !== 0) return { address: host, family: literal as Family };
  try {
    const { address, family } = await lookup(host);
    return { address, family: family as Family };
  } catch (cause) {
    throw new HalError("HAL_NAME_UNRESOLVED", `no address is known for ${host}`, { cause });
  }
}

function settled(socket: Socket, event: "listening" | "connect", begin: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      socket.off("error", failed);
      resolve();
    };
    const failed = (error: Error): void => {
      socket.off(event, done);
      reject(error);
    };
    socket.once(event, done);
    socket.once("error", failed);
    begin();
  });
}

const CODES: Readonly<Record<string, HalErrorCode>> = {
  ECONNREFUSED: "HAL_CONNECT_REFUSED",
  EHOSTUNREACH: "HAL_CONNECT_UNREACHABLE",
  EHOSTDOWN: "HAL_CONNECT_UNREACHABLE",
  ENETUNREACH: "HAL_CONNECT_UNREACHABLE",
  ENETDOWN: "HAL_CONNECT_UNREACHABLE",
  EADDRNOTAVAIL: "HAL_INTERFACE_NO_ADDRESS",
};

function refusal(cause: unknown, { host, port }: DatagramPeer): HalError {
  if (cause instanceof HalError) return cause;
  const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
  return new HalError(CODES[code] ?? "HAL_CONNECT_FAILED", `${host} port ${port}: ${code}`, { cause });
}
