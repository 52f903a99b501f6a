import type { Network, NetworkStream } from "../../../hal/network.ts";

/** Bytes as TCP carried them: TLS and everything inside, failed handshakes too. */
export interface Crossed {
  readonly sent: number;
  readonly received: number;
}

/** The network, and what has crossed every connection opened through it. */
export interface CountedNetwork {
  readonly network: Network;
  crossed(): Crossed;
}

export function countedNetwork(network: Network): CountedNetwork {
  const open = new Set<NetworkStream>();
  let sent = 0;
  let received = 0;
  return {
    network: {
      ...network,
      async connect(target, signal) {
        const stream = await network.connect(target, signal);
        open.add(stream);
        stream.once("close", () => {
          if (!open.delete(stream)) return;
          sent += stream.bytesWritten;
          received += stream.bytesRead;
        });
        return stream;
      },
    },
    crossed() {
      const total = { sent, received };
      for (const { bytesWritten, bytesRead } of open) {
        total.sent += bytesWritten;
        total.received += bytesRead;
      }
      return total;
    },
  };
}
