import { createServer } from "node:http";
import type { Socket } from "node:net";
import { WebSocketServer, createWebSocketStream } from "ws";
import type { ByteStream } from "../hal/network.ts";

const MESSAGE_BYTES_MAX = 4 * 1024 * 1024;
const SUBPROTOCOL = "mqtt";

export interface WebSocketSide {
  /** One connection whose first words are a WebSocket request; everything else is answered with 404. */
  take(stream: ByteStream): void;
}

/** The HTTP side of a broker on 443: `opened` is called with what carries MQTT. @param path the only one it serves */
export function webSocketSide(path: string, opened: (stream: ByteStream) => void): WebSocketSide {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MESSAGE_BYTES_MAX,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  const server = createServer((_request, answer) => void answer.writeHead(404).end());
  server.on("upgrade", (request, stream, head) => {
    if (request.url !== path) {
      stream.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      const carried = createWebSocketStream(socket);
      carried.on("error", () => {});
      opened(carried);
    });
  });
  return { take: (stream) => void server.emit("connection", stream as Socket) };
}
