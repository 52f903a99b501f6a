import type { ClientRequest, IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";
import { Buffer } from "node:buffer";
import type { WebSocket } from "ws";
import { HalError } from "../../../hal/error.ts";
import type { ByteStream } from "../../../hal/network.ts";
import type { BrokerSnapshot } from "../../config/snapshot.ts";
import { UplinkError } from "./fault.ts";
import { foreignText } from "./foreign-text.ts";

/** A message may hold several packets [MQTT-6.0.0-2]: so much beyond the longest one is taken. */
const MESSAGE_SLACK_BYTES = 65_536;
/** What is sent in one frame at most, unless one packet is longer: AWS IoT Core takes 128 KiB. */
const FRAME_BYTES_MAX = 65_536;
const FRAGMENTS_MAX = 1_024;
/** Chunks of one message that are held while it is not whole. */
const CHUNKS_MAX = 4_096;
const HEADER_BYTES_MAX = 8_192;
const SUBPROTOCOL = "mqtt";

/**
 * A WebSocket over `secure`, as the stream of bytes that MQTT wants of it. Never compressed: what compresses secrets
 * together with a stranger's bytes tells them.
 * @throws {UplinkError} `UPLINK_WEBSOCKET_REFUSED` @throws {HalError} as `secure` breaks; the signal's reason where it aborts
 * @see MQTT 5 §6: subprotocol `mqtt`, binary frames alone; RFC 6455
 */
export async function openWebSocket(
  secure: ByteStream,
  broker: BrokerSnapshot,
  signal: AbortSignal,
): Promise<ByteStream> {
  // loaded where a broker is reached so, and nowhere else
  const { WebSocket: Client, createWebSocketStream } = await import("ws");
  signal.throwIfAborted();
  const host = isIPv6(broker.serverName) ? `[${broker.serverName}]` : broker.serverName;
  const socket = new Client(`wss://${host}:${broker.port}${broker.path}`, SUBPROTOCOL, {
    createConnection: () => secure,
    perMessageDeflate: false,
    followRedirects: false,
    maxPayload: broker.packetBytesMax + MESSAGE_SLACK_BYTES,
    maxFragments: FRAGMENTS_MAX,
    maxBufferedChunks: CHUNKS_MAX,
    maxHeaderSize: HEADER_BYTES_MAX,
  });
  await opened(socket, broker, signal);
  // before the library's own listener, which would pass the error on as it is
  socket.on("error", (error) => stream.destroy(inFrames(error)));
  const stream: ByteStream = createWebSocketStream(socket, {
    // one frame, and one TLS record, for what was written together; a frame each would cost 30 bytes and more
    writev(chunks, done) {
      const frames = framesOf(chunks.map(({ chunk }) => chunk as Buffer));
      for (const [i, frame] of frames.entries()) socket.send(frame, i === frames.length - 1 ? done : undefined);
    },
  });
  // The library ends quietly when the stream under it breaks; why it broke is worth knowing.
  secure.once("error", (error) => stream.destroy(error));
  let farewell: Error | undefined;
  socket.once("close", (code, reason) => void (farewell = farewellOf(code, reason)));
  // A library that reads to the end expects a socket, which then closes by itself.
  stream.once("end", () => stream.destroy(farewell));
  socket.on("message", (_data, binary) => {
    if (!binary) stream.destroy(new UplinkError("UPLINK_PROTOCOL_ERROR", "the broker sent a text frame"));
  });
  stream.on("error", () => secure.destroy());
  return stream;
}

/** Joined in their order up to {@link FRAME_BYTES_MAX}; what is longer by itself stays whole. */
function framesOf(chunks: readonly Buffer[]): Buffer[] {
  const frames: Buffer[][] = [[]];
  let bytes = 0;
  for (const chunk of chunks) {
    if (bytes > 0 && bytes + chunk.length > FRAME_BYTES_MAX) {
      frames.push([]);
      bytes = 0;
    }
    frames.at(-1)?.push(chunk);
    bytes += chunk.length;
  }
  return frames.map((frame) => Buffer.concat(frame));
}

function opened(socket: WebSocket, broker: BrokerSnapshot, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(signal.reason as Error);
      socket.terminate();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once("open", () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    socket.once("unexpected-response", (request: ClientRequest, answer: IncomingMessage) => {
      reject(refused(answer, broker));
      request.destroy();
    });
    // stays for good: the library emits one more as it is terminated
    socket.on("error", (error) => reject(whyNot(error)));
  });
}

/** 1000: done; 1005 and 1006 are no codes of a Close frame, but say that it had none, or never came. @see RFC 6455 §7.4.1 */
const NOTHING_SAID = new Set([1000, 1005, 1006]);

function farewellOf(code: number, reason: Buffer): Error | undefined {
  if (NOTHING_SAID.has(code)) return undefined;
  const said = `the web server closed the WebSocket with ${code}`;
  return new UplinkError(
    "UPLINK_CONNECTION_LOST",
    reason.length === 0 ? said : `${said} ${foreignText(reason.toString("utf8"))}`,
  );
}

/** What the library refuses while the connection is open, by a code of ours. */
function inFrames(error: Error): Error {
  return new UplinkError("UPLINK_PROTOCOL_ERROR", `over WebSocket: ${foreignText(error.message)}`, { cause: error });
}

function refused({ statusCode = 0, statusMessage = "", headers }: IncomingMessage, { path }: BrokerSnapshot): Error {
  const said = `the web server answered ${statusCode}${statusMessage === "" ? "" : ` ${foreignText(statusMessage)}`}`;
  return new UplinkError("UPLINK_WEBSOCKET_REFUSED", `${said} to ${path}${meaning(statusCode, headers)}`);
}

function meaning(statusCode: number, headers: IncomingMessage["headers"]): string {
  if (statusCode === 200) {
    const html = headers["content-type"]?.startsWith("text/html") === true;
    return `: ${html ? "a web page" : "something"} is there, no WebSocket; the path of the url is another`;
  }
  if (statusCode >= 300 && statusCode < 400) {
    return `: a redirection to ${foreignText(headers.location ?? "nowhere")}, which is never followed`;
  }
  if (statusCode === 401 || statusCode === 403) return ": it does not let this gateway in";
  if (statusCode === 404) return ": nothing is at that path";
  if (statusCode === 101) return ": but it switched to something that is no WebSocket";
  if (statusCode === 400 || statusCode === 426) return ": it speaks HTTP there, but no WebSocket";
  if (statusCode === 502 || statusCode === 503 || statusCode === 504) {
    return ": the broker behind the web server is down";
  }
  return "";
}

/** A refusal of the TLS below keeps its own code; everything else is bytes that are no WebSocket handshake. */
function whyNot(error: Error): Error {
  if (error instanceof HalError || error instanceof UplinkError) return error;
  const closed = "code" in error && error.code === "ECONNRESET";
  return closed
    ? new UplinkError("UPLINK_CONNECT_CLOSED", "the web server closed the connection instead of answering", {
        cause: error,
      })
    : new UplinkError("UPLINK_WEBSOCKET_REFUSED", foreignText(error.message), { cause: error });
}
