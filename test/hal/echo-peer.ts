import { createSocket } from "node:dgram";
import type { Socket } from "node:dgram";
import { once } from "node:events";
import { linuxDatagrams } from "../../hal/linux/datagram.ts";
import type { DatagramsUnderTest } from "./datagram.contract.ts";
import { really } from "./real-time.ts";

const HOST = "127.0.0.1";

/** Real sockets on the loopback: one that echoes, one that intrudes, and a port that was just given back. */
export async function useEchoPeer(work: (under: DatagramsUnderTest) => Promise<void>): Promise<void> {
  const [echo, stranger, gone] = await Promise.all([bound(), bound(), bound()]);
  let last = 0;
  echo.on("message", (bytes, from) => {
    last = from.port;
    echo.send(Buffer.concat([Buffer.from("echo "), bytes]), from.port, from.address);
  });
  const nobody = { host: HOST, port: gone.address().port };
  await closed(gone);
  try {
    await work({
      datagrams: linuxDatagrams(),
      echo: { host: HOST, port: echo.address().port },
      nobody,
      until: really,
      intrude: (text) => new Promise((resolve) => stranger.send(text, last, HOST, () => resolve())),
    });
  } finally {
    await Promise.all([closed(echo), closed(stranger)]);
  }
}

async function bound(): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.bind(0, HOST);
  await once(socket, "listening");
  return socket;
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.close(resolve));
}
