import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import type { Clock } from "../../../hal/clock.ts";
import { openPty } from "../../../simulator/pty.ts";
import type { SerialSettings } from "./libmodbus.ts";

/** A serial server as they are sold: what comes on its socket goes out on its line and the other way round. */
export interface SerialServer extends AsyncDisposable {
  readonly port: number;
  /** the far end of its line, for a peer that wants a tty of its own */
  readonly far: string;
}

export async function serialServer(clock: Clock, settings: Omit<SerialSettings, "path">): Promise<SerialServer> {
  await using opening = new AsyncDisposableStack();
  const pty = opening.use(await openPty({ clock }));
  const wire = pty.wire({ dataBits: 8, ...settings });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
    socket.on("data", (chunk: Buffer) => wire.send(chunk));
  });
  wire.receive((chunk) => {
    for (const socket of sockets) socket.write(chunk);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  opening.defer(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  const held = opening.move();
  const { port } = server.address() as AddressInfo;
  return { port, far: pty.path, [Symbol.asyncDispose]: () => held.disposeAsync() };
}
